package io.tlengine.pgcheck.report;

import java.util.List;

/**
 * What a run did to the release and when, in milliseconds since the user agreed to it.
 *
 * @param phases one after another, in order
 * @param loads rounds of writers, in order
 */
public record Timeline(List<Phase> phases, List<Load> loads) {

  public Timeline {
    phases = List.copyOf(phases);
    loads = List.copyOf(loads);
  }

  /**
   * One thing that was done.
   *
   * @param codes of the checks that it was done for; none when it put things back
   * @param pod that it was about, or an empty text
   * @param text what had been done at its end
   */
  public record Phase(
      List<String> codes, String pod, String text, long startMillis, long durationMillis) {
    public Phase {
      codes = List.copyOf(codes);
      pod = Texts.visible(pod);
      text = Texts.visible(text);
    }
  }

  /**
   * One round of writers, as they saw it: until the crash, and the first write behind it.
   *
   * @param pod whose server it was
   * @param tunnelIncluded they wrote through a port-forward, whose own delay is in every figure
   * @param acknowledged writes, the one behind the crash with them
   * @param writesPerSecond of these, until the crash
   * @param recoveryMillis from the kill, or from the last write acknowledged behind it, to the
   *     first one behind the crash
   * @param gaps in service: times without an acknowledged write; the last is that of the crash
   * @param sliceMillis how long each slice is
   * @param slices acknowledged writes in equal slices of time, from the start
   */
  public record Load(
      String pod,
      boolean tunnelIncluded,
      long startMillis,
      long durationMillis,
      int acknowledged,
      long writesPerSecond,
      long recoveryMillis,
      List<Gap> gaps,
      long sliceMillis,
      List<Integer> slices) {
    public Load {
      pod = Texts.visible(pod);
      gaps = List.copyOf(gaps);
      slices = List.copyOf(slices);
    }
  }

  /** A time without an acknowledged write. */
  public record Gap(long startMillis, long durationMillis) {}
}
