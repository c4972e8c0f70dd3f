package io.tlengine.pgcheck.scenario.crash;

import io.tlengine.pgcheck.fact.SettledRows;
import io.tlengine.pgcheck.scenario.crash.Ledger.Entry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Settles a ledger against the rows that are there, by id and hash. Transaction ids play no part: a
 * server that crashed may give the same one out again.
 */
final class Settlement {

  private Settlement() {}

  /**
   * @param found the hash of each row's content, by id
   */
  static SettledRows settle(List<Entry> ledger, Map<String, String> found) {
    var lost = new ArrayList<String>();
    var altered = new ArrayList<String>();
    var unexpected = new ArrayList<String>();
    int acknowledged = 0;
    int kept = 0;
    int recovered = 0;
    int absent = 0;
    for (var entry : ledger) {
      var hash = found.get(entry.id());
      boolean same = entry.hash().equals(hash);
      switch (entry.answer()) {
        case ACKNOWLEDGED -> {
          acknowledged++;
          if (hash == null) {
            lost.add(entry.id());
          } else if (same) {
            kept++;
          } else {
            altered.add(entry.id());
          }
        }
        case UNDECIDED -> {
          if (hash == null) {
            absent++;
          } else if (same) {
            recovered++;
          } else {
            altered.add(entry.id());
          }
        }
        case REFUSED -> {
          if (hash != null) {
            unexpected.add(entry.id());
          }
        }
      }
    }
    var sent = ledger.stream().map(Entry::id).collect(Collectors.toSet());
    found.keySet().stream().filter(id -> !sent.contains(id)).sorted().forEach(unexpected::add);
    return new SettledRows(
        ledger.size(), acknowledged, kept, lost, altered, unexpected, recovered, absent);
  }

  /** SHA-256 of a row's content, in hexadecimal. */
  static String hash(String content) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
