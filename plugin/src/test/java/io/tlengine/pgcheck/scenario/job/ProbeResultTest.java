package io.tlengine.pgcheck.scenario.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.tlengine.pgcheck.fact.VolumeProbe.Ending;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeResultTest {

  private static final String GNU =
      """
      16+0 records in
      16+0 records out
      1048576 bytes (1.0 MB, 1.0 MiB) copied, 0.0123 s, 85.2 MB/s
      sum 4038471504 1048576
      df /dev/vda1 1048576 100 1048476 1% /pgcheck-probe
      8192 bytes (8.2 kB, 8.0 KiB) copied, 0.00250 s, 3.3 MB/s
      8192 bytes (8.2 kB, 8.0 KiB) copied, 1.5e-05 s, 546 MB/s
      """;

  private static final String BUSYBOX =
      """
      1048576 bytes (1.0MB) copied, 0.004412 seconds, 226.7MB/s
      sum 4038471504 1048576
      df overlay 20480 100 1048476 1% /pgcheck-probe
      8192 bytes (8.0KB) copied, 0.001000 seconds, 7.8MB/s
      """;

  private static Pod ended(int code, String message) {
    return new PodBuilder()
        .withNewSpec()
        .withNodeName("node1")
        .endSpec()
        .withNewStatus()
        .withPhase(code == 0 ? "Succeeded" : "Failed")
        .addNewContainerStatus()
        .withNewState()
        .withNewTerminated()
        .withExitCode(code)
        .withMessage(message)
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private static Pod waiting(String reason) {
    return new PodBuilder()
        .withNewStatus()
        .withPhase("Pending")
        .addNewContainerStatus()
        .withNewState()
        .withNewWaiting("its message", reason)
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private static Ending.Kept kept(String said) {
    return assertInstanceOf(
        Ending.Kept.class,
        ProbeResult.compare(ended(0, said), ended(0, "sum 4038471504 1048576\n"), 7));
  }

  @Test
  void anImageThatCannotBePulledIsSaidAtOnceAndByItsName() {
    for (var reason :
        List.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")) {
      var pod = waiting(reason);
      assertTrue(ProbeResult.decided(pod), reason);
      var said = ClusterLook.unbegun("localhost:5001/nope:dev", pod, reason + ": not found");
      assertEquals(
          "the image localhost:5001/nope:dev cannot be pulled: " + reason + ": not found",
          said.getMessage());
      assertTrue(said.remedy().startsWith("correct --image"), said.remedy());
    }
    var other = waiting("CreateContainerConfigError");
    assertTrue(
        ClusterLook.unbegun("a", other, "x").getMessage().startsWith("the pod that looks did not"));
    assertFalse(ProbeResult.decided(waiting("ContainerCreating")));
  }

  /** The wait is a part of the time, which is none of the user's business. */
  @Test
  void theSecondsNamedAreThoseGiven() {
    var short30 = LookJob.notInTime(Duration.ofSeconds(30), "ContainerCreating");
    assertEquals(
        "the pod that looks did not end within the 30 s of --timeout (some are kept to clean up):"
            + " ContainerCreating",
        short30.getMessage());
    assertTrue(short30.remedy().contains("--timeout 5m"), short30.remedy());
    assertTrue(
        LookJob.notInTime(Duration.ofMinutes(10), "x").remedy().contains("--timeout 20m"),
        "more than was given");
  }

  @Test
  void bothKindsOfDdAreRead() {
    var gnu = kept(GNU);
    assertEquals(List.of(15L, 2_500L), gnu.flushMicros());
    assertEquals(Optional.of(1L << 30), gnu.fileSystemBytes());
    assertEquals("node1", gnu.readOn());

    var busybox = kept(BUSYBOX);
    assertEquals(List.of(1_000L), busybox.flushMicros());
    assertEquals(Optional.of(20L << 20), busybox.fileSystemBytes());
  }

  @Test
  void anotherSumIsALoss() {
    assertEquals(
        new Ending.Lost("4038471504 1048576", "1 1048576"),
        ProbeResult.compare(ended(0, GNU), ended(0, "sum 1 1048576\n"), 7));
    assertEquals(
        new Ending.Lost("4038471504 1048576", "nothing"),
        ProbeResult.compare(ended(0, GNU), ended(0, ""), 7));
  }

  @Test
  void aWriteThatFailsIsToldInItsLastWords() {
    var said = "dd: failed to open 'pgcheck-probe': Permission denied\n";

    assertEquals(
        Optional.of(new Ending.NotUsable("write", said.strip())),
        ProbeResult.trouble(ended(1, said), "write", ""));
    assertEquals(Optional.empty(), ProbeResult.trouble(ended(0, GNU), "write", ""));
  }

  @Test
  void anImageWithoutShellOrProgramsDecidesNothing() {
    assertInstanceOf(
        Ending.Undecided.class,
        ProbeResult.trouble(
                ended(128, "exec: \"sh\": executable file not found in $PATH"), "write", "")
            .orElseThrow());
    assertInstanceOf(
        Ending.Undecided.class,
        ProbeResult.trouble(ended(127, "sh: dd: not found"), "write", "").orElseThrow());
  }

  @Test
  void anImageThatIsNotPulledDecidesNothingAndIsNotWaitedFor() {
    assertTrue(ProbeResult.decided(waiting("ImagePullBackOff")));
    assertFalse(ProbeResult.decided(waiting("ContainerCreating")));
    assertInstanceOf(
        Ending.Undecided.class,
        ProbeResult.trouble(waiting("ImagePullBackOff"), "write", "").orElseThrow());
  }

  @Test
  void aPodThatNeverBeganCouldNotMount() {
    assertEquals(
        Optional.of(new Ending.NotUsable("mount in time", "FailedMount: no such device")),
        ProbeResult.trouble(waiting("ContainerCreating"), "write", "FailedMount: no such device"));
  }
}
