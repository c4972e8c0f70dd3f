package io.tlengine.pgcheck.fact;

import java.util.List;

/**
 * What became of rows that were written one at a time, each with an entry in a ledger outside the
 * database, after the server was ended among them.
 *
 * @param attempted rows that were sent
 * @param acknowledged rows whose commit the server acknowledged
 * @param kept acknowledged rows that are there with the same content
 * @param lost ids of acknowledged rows that are not there
 * @param altered ids of rows whose content differs
 * @param unexpected ids of rows that nobody sent, or that the server had refused
 * @param recovered rows that were neither acknowledged nor refused, and are there
 * @param absent rows that were neither acknowledged nor refused, and are not there
 */
public record SettledRows(
    int attempted,
    int acknowledged,
    int kept,
    List<String> lost,
    List<String> altered,
    List<String> unexpected,
    int recovered,
    int absent) {

  public SettledRows {
    lost = List.copyOf(lost);
    altered = List.copyOf(altered);
    unexpected = List.copyOf(unexpected);
  }

  /** The part that every scenario's verdict has. */
  public RowSet rows(String name) {
    return new RowSet(name, acknowledged, kept, lost, altered, unexpected);
  }
}
