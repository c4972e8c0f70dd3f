package io.tlengine.pgcheck.scenario.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tlengine.pgcheck.fact.SettledRows;
import io.tlengine.pgcheck.scenario.crash.Ledger.Answer;
import io.tlengine.pgcheck.scenario.crash.Ledger.Entry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every verdict, one row at a time. */
class SettlementTest {

  private static final Entry ACKNOWLEDGED = new Entry("a", "1", Answer.ACKNOWLEDGED);
  private static final Entry UNDECIDED = new Entry("u", "2", Answer.UNDECIDED);
  private static final Entry REFUSED = new Entry("r", "3", Answer.REFUSED);

  private static SettledRows settle(Map<String, String> found, Entry... ledger) {
    return Settlement.settle(Arrays.asList(ledger), found);
  }

  private static SettledRows rows(
      int attempted,
      int acknowledged,
      int kept,
      List<String> lost,
      List<String> altered,
      List<String> unexpected,
      int recovered,
      int absent) {
    return new SettledRows(
        attempted, acknowledged, kept, lost, altered, unexpected, recovered, absent);
  }

  private static final List<String> NONE = List.of();

  @Test
  void kept() {
    assertEquals(rows(1, 1, 1, NONE, NONE, NONE, 0, 0), settle(Map.of("a", "1"), ACKNOWLEDGED));
  }

  @Test
  void lost() {
    assertEquals(rows(1, 1, 0, List.of("a"), NONE, NONE, 0, 0), settle(Map.of(), ACKNOWLEDGED));
  }

  @Test
  void altered() {
    assertEquals(
        rows(1, 1, 0, NONE, List.of("a"), NONE, 0, 0), settle(Map.of("a", "9"), ACKNOWLEDGED));
  }

  @Test
  void unexpectedWhatNobodySent() {
    assertEquals(
        rows(1, 1, 1, NONE, NONE, List.of("x", "y"), 0, 0),
        settle(Map.of("a", "1", "y", "7", "x", "8"), ACKNOWLEDGED));
  }

  @Test
  void unexpectedWhatTheServerHadRefused() {
    assertEquals(rows(1, 0, 0, NONE, NONE, List.of("r"), 0, 0), settle(Map.of("r", "3"), REFUSED));
    assertEquals(rows(1, 0, 0, NONE, NONE, NONE, 0, 0), settle(Map.of(), REFUSED));
  }

  @Test
  void recovered() {
    assertEquals(rows(1, 0, 0, NONE, NONE, NONE, 1, 0), settle(Map.of("u", "2"), UNDECIDED));
  }

  /** No answer and no row: neither a loss nor a success. */
  @Test
  void absent() {
    assertEquals(rows(1, 0, 0, NONE, NONE, NONE, 0, 1), settle(Map.of(), UNDECIDED));
  }

  @Test
  void anUndecidedRowWithOtherContentIsAltered() {
    assertEquals(
        rows(1, 0, 0, NONE, List.of("u"), NONE, 0, 0), settle(Map.of("u", "9"), UNDECIDED));
  }

  @Test
  void theHashIsOfTheWholeContent() {
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Settlement.hash("abc"));
    assertNotEquals(Settlement.hash("abc"), Settlement.hash("abd"));
  }
}
