package io.tlengine.pgcheck.scenario.job;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.tlengine.pgcheck.fact.VolumeProbe.Ending;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads from a probe's pod what became of it: its state, and what its script said at the end. */
public final class ProbeResult {

  private static final int COMMAND_NOT_FOUND = 127;
  private static final double MICROS_PER_SECOND = 1e6;

  /** The pod will not begin, and not for the volume's sake. */
  private static final Set<String> HOPELESS =
      Set.of(
          // The first failure lasts ten seconds and more before it is called a back-off.
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ErrImageNeverPull",
          "CreateContainerConfigError",
          "CreateContainerError");

  /**
   * GNU: 8192 bytes (8.2 kB, 8.0 KiB) copied, 0.0012 s, ...; BusyBox: ... copied, 0.0012 seconds
   */
  private static final Pattern COPIED = Pattern.compile("copied, ([0-9.e+-]+) s");

  private static final Pattern SUM = Pattern.compile("(?m)^sum (\\d+ \\d+)");
  private static final Pattern DF = Pattern.compile("(?m)^df \\S+\\s+(\\d+)\\s");

  private static final Pattern IMAGE = Pattern.compile("^\\w*Image(?:Pull|Name|NeverPull)");

  private ProbeResult() {}

  /** Nothing is going to change about it: it has ended, or will never begin. */
  public static boolean decided(Pod pod) {
    return terminated(pod).isPresent()
        || "Failed".equals(pod.getStatus().getPhase())
        || hopeless(pod).isPresent();
  }

  /** Empty when the script ended well. */
  public static Optional<Ending> trouble(Pod pod, String step, String event) {
    var hopeless = hopeless(pod);
    if (hopeless.isPresent()) {
      return Optional.of(
          new Ending.Undecided(
              "the probe's pod did not begin: " + hopeless.get(),
              "see that the image of the database can be pulled, then run again"));
    }
    var end = terminated(pod);
    if (end.isEmpty()) {
      return Optional.of(
          new Ending.NotUsable("mount in time", event.isEmpty() ? phase(pod) : event));
    }
    var said = end.get().getMessage() == null ? "" : end.get().getMessage().strip();
    int code = end.get().getExitCode();
    if (code == 0) {
      return Optional.empty();
    }
    if (withoutPrograms(end.get())) {
      return Optional.of(
          new Ending.Undecided(
              "the database's image has no shell, or not the programs that the probe takes (sh, dd,"
                  + " cksum, df): "
                  + last(said),
              "prove it after the install: helm pgcheck persistence RELEASE"));
    }
    return Optional.of(
        new Ending.NotUsable(step, last(said.isEmpty() ? "exit code " + code : said)));
  }

  /** Whether the second pod read what the first one wrote. */
  public static Ending compare(Pod written, Pod read, long provisioningMillis) {
    var first = find(SUM, said(written)).orElse("nothing");
    var second = find(SUM, said(read)).orElse("nothing");
    if (!first.equals(second)) {
      return new Ending.Lost(first, second);
    }
    return new Ending.Kept(
        provisioningMillis,
        flushes(said(written)),
        find(DF, said(written)).map(kib -> Long.parseLong(kib) * 1024),
        written.getSpec().getNodeName(),
        read.getSpec().getNodeName());
  }

  /** The scheduler's own words; an empty text when the pod has a node. */
  public static String notScheduled(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> c.getType().equals("PodScheduled") && c.getStatus().equals("False"))
        .map(c -> "the pod is not scheduled: " + c.getMessage())
        .findFirst()
        .orElse("");
  }

  /** What keeps a pod from ending: not scheduled, its image, or that it is still at work. */
  public static String waiting(Pod pod) {
    var not = notScheduled(pod);
    return not.isEmpty()
        ? containers(pod)
            .flatMap(c -> Stream.ofNullable(c.getState().getWaiting()))
            .map(w -> w.getReason() + (w.getMessage() == null ? "" : ": " + w.getMessage()))
            .findFirst()
            .orElseGet(() -> phase(pod))
        : not;
  }

  private static List<Long> flushes(String said) {
    return COPIED
        .matcher(said)
        .results()
        // The first line is that of the 1 MiB.
        .skip(1)
        .map(m -> Math.round(Double.parseDouble(m.group(1)) * MICROS_PER_SECOND))
        .sorted()
        .toList();
  }

  private static Optional<String> find(Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String said(Pod pod) {
    return terminated(pod).map(t -> t.getMessage()).orElse("");
  }

  private static String phase(Pod pod) {
    return "the pod is " + pod.getStatus().getPhase();
  }

  /** The last line, which is where programs say what went wrong. */
  public static String last(String text) {
    return text.lines().reduce((a, b) -> b).orElse("");
  }

  /** Its image cannot be pulled: none of that name, no access to it, or no such registry. */
  static boolean withoutImage(Pod pod) {
    return hopeless(pod).filter(why -> IMAGE.matcher(why).find()).isPresent();
  }

  /** Why the container will not begin by waiting, such as an image that cannot be pulled. */
  public static Optional<String> hopeless(Pod pod) {
    return containers(pod)
        .filter(c -> c.getState().getWaiting() != null)
        .map(c -> c.getState().getWaiting())
        .filter(w -> HOPELESS.contains(w.getReason()))
        .map(w -> w.getReason() + (w.getMessage() == null ? "" : ": " + w.getMessage()))
        .findFirst();
  }

  /** The image has no shell, or not what the script calls. */
  public static boolean withoutPrograms(ContainerStateTerminated end) {
    return end.getExitCode() == COMMAND_NOT_FOUND
        || (end.getMessage() != null && end.getMessage().contains("executable file not found"));
  }

  /** How its container ended, when it has. */
  public static Optional<ContainerStateTerminated> terminated(Pod pod) {
    return containers(pod)
        .flatMap(c -> Stream.ofNullable(c.getState().getTerminated()))
        .findFirst();
  }

  private static Stream<ContainerStatus> containers(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream().filter(c -> c.getState() != null);
  }
}
