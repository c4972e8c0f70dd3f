package io.tlengine.pgcheck.check.persistence;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.fact.RowSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The verdict on sets of rows, which every persistence scenario ends with. */
final class Rows {

  private static final int KEYS_SHOWN = 5;

  private Rows() {}

  static List<Finding> findings(List<RowSet> sets, String subject, String remedy) {
    var findings = new ArrayList<Finding>();
    for (var set : sets) {
      add(findings, set, "lost", set.lost(), subject, remedy);
      add(findings, set, "altered", set.altered(), subject, remedy);
      add(findings, set, "unexpected", set.unexpected(), subject, remedy);
    }
    return findings;
  }

  /** As in "3 of 3 usuarios and 1000 of 1000 random rows kept". */
  static String summary(List<RowSet> sets) {
    return String.join(
            " and ",
            sets.stream().map(s -> s.kept() + " of " + s.written() + " " + s.name()).toList())
        + " kept";
  }

  /** As in "909 of 909 rows kept". */
  static String total(List<RowSet> sets) {
    return sets.stream().mapToInt(RowSet::kept).sum()
        + " of "
        + sets.stream().mapToInt(RowSet::written).sum()
        + " rows kept";
  }

  static String lookAtClaim(Instance before, String namespace) {
    return "look at what the volume holds and who deletes it: kubectl describe pvc "
        + before.claim().orElse("")
        + " -n "
        + namespace;
  }

  static Map<String, Object> evidence(List<RowSet> sets) {
    var map = new LinkedHashMap<String, Object>();
    for (var set : sets) {
      map.put(
          set.name(),
          Outcome.evidence(
              "written", set.written(),
              "kept", set.kept(),
              "lost", set.lost().size(),
              "altered", set.altered().size(),
              "unexpected", set.unexpected().size()));
    }
    return map;
  }

  private static void add(
      List<Finding> findings,
      RowSet set,
      String verdict,
      List<String> keys,
      String subject,
      String remedy) {
    if (!keys.isEmpty()) {
      findings.add(
          Finding.error(
              subject,
              keys.size()
                  + " of "
                  + set.written()
                  + " acknowledged rows of "
                  + set.name()
                  + " are "
                  + verdict
                  + "; wanted: none",
              "keys: "
                  + String.join(", ", keys.subList(0, Math.min(KEYS_SHOWN, keys.size())))
                  + (keys.size() > KEYS_SHOWN ? ", ..." : ""),
              remedy));
    }
  }
}
