package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.report.Timeline;
import io.tlengine.pgcheck.report.Timeline.Gap;
import io.tlengine.pgcheck.report.Timeline.Load;
import io.tlengine.pgcheck.report.Timeline.Phase;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.WriterRound;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Prints a scenario's steps with the seconds since {@link #begin}, and keeps them for the report's
 * timeline: a step ends a phase, and what comes next begins one.
 */
final class Steps implements Progress, AutoCloseable {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int SLICE_MILLIS = 100;

  private final LiveLine line;
  private final LongSupplier clock;
  private final List<Phase> phases = new ArrayList<>();
  private final List<Load> loads = new ArrayList<>();
  private long start;
  private long phaseStart;
  private List<String> codes = List.of();
  private String name = "preparing";
  private String pod = "";
  private int writes;

  Steps(Terminal terminal) {
    this(terminal, System::nanoTime);
  }

  /**
   * @param clock in nanoseconds, as System.nanoTime()
   */
  Steps(Terminal terminal, LongSupplier clock) {
    this.line = new LiveLine(terminal.err(), terminal.live(), this::now);
    this.clock = clock;
    this.start = clock.getAsLong();
    this.phaseStart = start;
  }

  /** The clock runs from the user's consent, not from the question. */
  synchronized void begin() {
    start = clock.getAsLong();
    phaseStart = start;
    line.begin();
  }

  /**
   * What follows is done for these checks.
   *
   * @param codes none: it puts back what was changed
   */
  synchronized void serve(List<String> codes, String name) {
    this.codes = List.copyOf(codes);
    this.name = name;
    pod = "";
    writes = 0;
    phaseStart = clock.getAsLong();
  }

  @Override
  public synchronized void step(String text) {
    long now = clock.getAsLong();
    phases.add(
        new Phase(codes, pod, text, millis(phaseStart), (now - phaseStart) / NANOS_PER_MILLI));
    phaseStart = now;
    writes = 0;
    line.print(seconds(now - start) + "  " + text);
  }

  @Override
  public synchronized void about(String which) {
    pod = which;
  }

  @Override
  public synchronized void acknowledged(int soFar) {
    writes = soFar;
  }

  @Override
  public synchronized void wrote(WriterRound round) {
    long from = millis(round.began());
    loads.add(
        new Load(
            pod,
            round.tunnelIncluded(),
            from,
            millis(round.again()) - from,
            round.acknowledged(),
            round.perSecond(),
            round.recoveryMillis(),
            round.gaps().stream().map(g -> new Gap(from + g.afterMillis(), g.millis())).toList(),
            SLICE_MILLIS,
            slices(round)));
  }

  /** What was done so far; empty when it was nothing. */
  synchronized Optional<Timeline> timeline() {
    return phases.isEmpty() ? Optional.empty() : Optional.of(new Timeline(phases, loads));
  }

  /** The live line is gone; the steps stay. */
  @Override
  public void close() {
    line.close();
  }

  private static List<Integer> slices(WriterRound round) {
    long last = round.acknowledgements().stream().mapToLong(t -> t).max().orElse(0);
    int[] slices = new int[slice(round, Math.max(last, round.again())) + 1];
    round.acknowledgements().forEach(t -> slices[slice(round, t)]++);
    slices[slice(round, round.again())] += round.acknowledged() - round.acknowledgements().size();
    return java.util.Arrays.stream(slices).boxed().toList();
  }

  private static int slice(WriterRound round, long time) {
    return (int) (Math.max(0, time - round.began()) / NANOS_PER_MILLI / SLICE_MILLIS);
  }

  /** As in " 12.3 s PGC-706 commits-survive-kill postgres-0 3.1 s 1234 writes acknowledged". */
  private synchronized String now() {
    long now = clock.getAsLong();
    var text = new StringBuilder(seconds(now - start));
    text.append("  ").append(name);
    text.append(pod.isEmpty() ? "" : "  " + pod);
    text.append("  ").append(seconds(now - phaseStart).strip());
    return text.append(writes == 0 ? "" : "  " + writes + " writes acknowledged").toString();
  }

  private long millis(long time) {
    return Math.max(0, (time - start) / NANOS_PER_MILLI);
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%6.1f s", nanos / NANOS_PER_SECOND);
  }
}
