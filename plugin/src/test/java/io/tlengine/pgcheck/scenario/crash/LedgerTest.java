package io.tlengine.pgcheck.scenario.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.scenario.crash.Ledger.Answer;
import io.tlengine.pgcheck.scenario.crash.Ledger.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LedgerTest {

  @Test
  void anEntryIsInTheFileBeforeTheCallReturns() throws IOException {
    try (var ledger = Ledger.create()) {
      ledger.sending("a", "hash-of-a");
      assertEquals("sent a hash-of-a\n", Files.readString(ledger.file()));
      ledger.answered("a", Answer.ACKNOWLEDGED);
      assertEquals("sent a hash-of-a\nACKNOWLEDGED a\n", Files.readString(ledger.file()));
    }
  }

  @Test
  void whatHasNoAnswerIsUndecided() {
    try (var ledger = Ledger.create()) {
      ledger.sending("a", "1");
      ledger.sending("b", "2");
      ledger.sending("c", "3");
      ledger.answered("c", Answer.REFUSED);
      ledger.answered("a", Answer.ACKNOWLEDGED);

      assertEquals(
          List.of(
              new Entry("a", "1", Answer.ACKNOWLEDGED),
              new Entry("b", "2", Answer.UNDECIDED),
              new Entry("c", "3", Answer.REFUSED)),
          ledger.read());
    }
  }

  @Test
  void manyWritersShareItAndNoEntryIsLost() throws InterruptedException {
    int writers = 16;
    int each = 50;
    try (var ledger = Ledger.create()) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        IntStream.range(0, writers)
            .forEach(
                w ->
                    threads.execute(
                        () -> {
                          for (int i = 0; i < each; i++) {
                            ledger.sending(w + "-" + i, "h");
                            ledger.answered(w + "-" + i, Answer.ACKNOWLEDGED);
                          }
                        }));
      }
      assertEquals(
          (long) writers * each,
          ledger.read().stream().filter(e -> e.answer() == Answer.ACKNOWLEDGED).count());
    }
  }

  @Test
  void onlyItsUserMayReadItAndItGoesAway() throws IOException {
    var ledger = Ledger.create();
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(ledger.file())));
    ledger.close();
    assertFalse(Files.exists(ledger.file()));
  }

  /** A ledger that cannot be written must stop its writers, not let them go on unnoted. */
  @Test
  void anEntryThatCannotBeWrittenFailsTheCall() {
    var ledger = Ledger.create();
    ledger.close();
    assertThrows(UncheckedIOException.class, () -> ledger.sending("a", "1"));
    assertThrows(UncheckedIOException.class, () -> ledger.sending("b", "2"));
  }

  @Test
  void aLineOfAnotherFormIsNoLedger() {
    var damage = assertThrows(IllegalStateException.class, () -> Ledger.parse(List.of("sent a")));
    assertTrue(String.valueOf(damage.getMessage()).contains("another form"));
    assertThrows(IllegalStateException.class, () -> Ledger.parse(List.of("perhaps a b c")));
  }
}
