package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.report.Timeline.Gap;
import io.tlengine.pgcheck.report.Timeline.Phase;
import io.tlengine.pgcheck.scenario.progress.WriterRound;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StepsTest {

  private static final String CLEAR = "\r\u001b[K";

  /** Select Graphic Rendition: colours, bold, dim. */
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  private final StringWriter text = new StringWriter();
  private long nanos = 5_000_000_000L;

  private Steps steps(boolean live) {
    var terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintWriter(new StringWriter()),
            new PrintWriter(text),
            true,
            true,
            live);
    return new Steps(terminal, () -> nanos);
  }

  private void pass(long millis) {
    nanos += ms(millis);
  }

  private static long ms(long millis) {
    return millis * 1_000_000;
  }

  private String shown() {
    synchronized (text.getBuffer()) {
      return text.toString();
    }
  }

  @Test
  void awayFromATerminalEachStepIsAPlainLine() {
    try (var steps = steps(false)) {
      steps.begin();
      steps.serve(List.of("PGC-706"), "PGC-706 commits-survive-kill");
      steps.about("postgres-0");
      steps.acknowledged(7);
      pass(1_250);
      steps.step("ended the checkpointer");
    }

    assertEquals("   1.3 s  ended the checkpointer" + System.lineSeparator(), shown());
  }

  @Test
  @Timeout(30)
  void onATerminalTheLastLineSaysWhatIsGoingOnAndIsGoneInTheEnd() {
    try (var steps = steps(true)) {
      steps.begin();
      steps.serve(List.of("PGC-706"), "PGC-706 commits-survive-kill");
      steps.about("postgres-0");
      steps.acknowledged(1_234);
      pass(2_000);
      while (!shown().contains("PGC-706 commits-survive-kill  postgres-0  2.0 s  1234 writes")) {
        Thread.onSpinWait();
      }
      steps.step("ended the checkpointer");
    }

    assertTrue(shown().contains(CLEAR + "   2.0 s  ended the checkpointer"), this::shown);
    assertTrue(shown().endsWith(CLEAR), this::shown);
    assertFalse(COLOUR.matcher(shown()).find(), this::shown);
  }

  @Test
  void aStepEndsAPhaseOfItsScenarioAndPod() {
    try (var steps = steps(false)) {
      pass(9_000); // until the user agrees
      steps.begin();
      pass(100);
      steps.serve(List.of("PGC-701"), "PGC-701 survives-pod-deletion");
      steps.about("postgres-0");
      pass(200);
      steps.step("wrote rows");
      pass(300);
      steps.step("deleted the pod");
      pass(50);
      steps.serve(List.of(), "putting back");
      pass(400);
      steps.step("dropped the schema");

      assertEquals(
          List.of(
              new Phase(List.of("PGC-701"), "postgres-0", "wrote rows", 100, 200),
              new Phase(List.of("PGC-701"), "postgres-0", "deleted the pod", 300, 300),
              new Phase(List.of(), "", "dropped the schema", 650, 400)),
          steps.timeline().orElseThrow().phases());
    }
  }

  @Test
  void aRoundOfWritersIsALoadWithItsGapsAndSlices() {
    try (var steps = steps(false)) {
      steps.begin();
      pass(1_000);
      long began = nanos;
      var acknowledged = List.of(began + ms(10), began + ms(90), began + ms(150));
      steps.about("postgres-0");
      steps.wrote(
          new WriterRound(
              true, acknowledged, began, began + ms(160), began + ms(200), began + ms(450), true));
      pass(500);
      steps.step("the server accepts writes again");

      var load = steps.timeline().orElseThrow().loads().getFirst();
      assertEquals("postgres-0", load.pod());
      assertTrue(load.tunnelIncluded());
      assertEquals(1_000, load.startMillis());
      assertEquals(450, load.durationMillis());
      assertEquals(4, load.acknowledged());
      assertEquals(20, load.writesPerSecond());
      assertEquals(250, load.recoveryMillis());
      assertEquals(List.of(new Gap(1_150, 300)), load.gaps());
      assertEquals(List.of(2, 1, 0, 0, 1), load.slices());
    }
  }

  @Test
  void withoutAStepThereIsNoTimeline() {
    try (var steps = steps(false)) {
      steps.begin();

      assertTrue(steps.timeline().isEmpty());
    }
  }
}
