package io.tlengine.pgcheck.check.storage;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.VolumeProbe;
import io.tlengine.pgcheck.fact.VolumeProbe.Ending;
import io.tlengine.pgcheck.plan.Amounts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A real claim like the planned one gets a volume, and what one pod wrote and flushed is read by
 * the next one. How fast it was is evidence, no verdict: what is fast enough depends on the load.
 */
public final class VolumeProvesItselfCheck implements Check {

  private static final double MICROS_PER_MILLI = 1_000;

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-209",
        "volume-proves-itself",
        Severity.ERROR,
        "a real claim gets no volume, or what one pod wrote to it the next one does not read");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.VOLUME_PROBE);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var probe = facts.get(FactKey.VOLUME_PROBE);
    var id = "StorageClass/" + probe.storageClass();
    var what = "a claim of " + probe.size() + " with the class " + probe.storageClass();
    return switch (probe.ending()) {
      case Ending.Kept kept -> new Outcome.Passed(evidence(probe, kept));
      case Ending.Lost lost ->
          failed(
              Finding.error(
                  id,
                  what
                      + " does not keep data: the second pod read "
                      + lost.read()
                      + ", the first had written "
                      + lost.written(),
                  "",
                  "do not put a database on this class; choose another: kubectl get storageclass;"
                      + " then --set-string database.statefulset.storage.className=NAME"));
      case Ending.NotProvisioned not ->
          failed(
              Finding.error(
                  id,
                  what
                      + " got no volume within "
                      + not.waitedMillis() / 1_000
                      + " s, wanted: Bound",
                  not.said(),
                  "kubectl describe storageclass "
                      + probe.storageClass()
                      + "; look at its provisioner's log; with a slow provisioner give it more:"
                      + " --timeout 10m"));
      case Ending.NotUsable not ->
          failed(
              Finding.error(
                  id,
                  what + " got a volume that the pod could not " + not.step(),
                  not.said(),
                  "compare the pod's user and fsGroup with the volume's owner, and the nodes that"
                      + " reach it: kubectl describe storageclass "
                      + probe.storageClass()));
      case Ending.Undecided undecided ->
          new Outcome.Unknown(undecided.reason(), undecided.remedy());
    };
  }

  private static Outcome failed(Finding finding) {
    return new Outcome.Failed(List.of(finding), Outcome.evidence());
  }

  private static Map<String, Object> evidence(VolumeProbe probe, Ending.Kept kept) {
    var evidence =
        Outcome.evidence(
            "class",
            probe.storageClass(),
            "size",
            probe.size(),
            "provisioningMillis",
            kept.provisioningMillis(),
            "writtenOn",
            kept.writtenOn(),
            "readOn",
            kept.readOn());
    var flushes = kept.flushMicros();
    if (!flushes.isEmpty()) {
      evidence.put("flushMedian", millis(flushes.get(flushes.size() / 2)));
      evidence.put("flushWorst", millis(flushes.getLast()));
    }
    kept.fileSystemBytes()
        .ifPresent(
            bytes -> {
              evidence.put("fileSystem", bytes / (1 << 20) + "Mi");
              if (bytes > 2 * Amounts.bytes(probe.size())) {
                evidence.put("note", "much larger than the claim: its size is not enforced");
              }
            });
    return evidence;
  }

  private static String millis(long micros) {
    return String.format(Locale.ROOT, "%.2f ms", micros / MICROS_PER_MILLI);
  }
}
