package io.tlengine.pgcheck.fact;

import java.util.List;

/**
 * What became of one set of rows that a scenario wrote and the server acknowledged. Rows are
 * compared one by one, by key and whole content, never by count.
 *
 * @param name what the rows are, for example {@code usuarios}
 * @param written rows whose commit was acknowledged
 * @param kept rows that are there with the same content
 * @param lost keys of acknowledged rows that are not there
 * @param altered keys of rows whose content differs
 * @param unexpected keys of rows that nobody wrote
 */
public record RowSet(
    String name,
    int written,
    int kept,
    List<String> lost,
    List<String> altered,
    List<String> unexpected) {

  public RowSet {
    lost = List.copyOf(lost);
    altered = List.copyOf(altered);
    unexpected = List.copyOf(unexpected);
  }

  /** Everything that was acknowledged is there, and nothing else. */
  public boolean intact() {
    return kept == written && lost.isEmpty() && altered.isEmpty() && unexpected.isEmpty();
  }
}
