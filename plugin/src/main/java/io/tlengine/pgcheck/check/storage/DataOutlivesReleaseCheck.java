package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.StoragePlan.RenderedClaim;
import io.tlengine.pgcheck.plan.StoragePlan.SetStorage;
import io.tlengine.pgcheck.plan.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The plan itself deletes the data at an uninstall or a scale-in: by the set's claim retention
 * policy (apps/v1 StatefulSet persistentVolumeClaimRetentionPolicy), by a claim among the release's
 * own objects, or by a generic ephemeral volume. A class's reclaim policy is no fault: Delete is
 * the normal one, and a claim that stays keeps its volume.
 */
public final class DataOutlivesReleaseCheck implements Check {

  private static final String DELETE = "Delete";

  /** Where the official images keep their data, of any major. */
  private static final String USUAL_DATA = "/var/lib/postgresql";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-204",
        "data-outlives-release",
        Severity.WARNING,
        "an uninstall, a scale-in or a pod's end deletes the volume with the data");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.STORAGE_PLAN);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var plan = facts.get(FactKey.PLAN);
    var storage = facts.get(FactKey.STORAGE_PLAN);
    var findings = new ArrayList<Finding>();
    storage.sets().stream().filter(s -> !s.standby()).forEach(s -> retention(s, findings));
    storage.rendered().stream()
        .filter(c -> !c.kept())
        .map(DataOutlivesReleaseCheck::rendered)
        .forEach(findings::add);
    plan.sets().forEach(s -> ephemeral(s, plan, findings));
    if (findings.isEmpty() && storage.sets().isEmpty() && storage.rendered().isEmpty()) {
      return new Outcome.Skipped(OpenClaim.NO_CLAIMS);
    }
    return Outcome.of(
        findings,
        evidence(
            "retention",
            storage.sets().stream()
                .map(
                    s ->
                        s.name()
                            + ": whenDeleted "
                            + s.whenDeleted()
                            + ", whenScaled "
                            + s.whenScaled())
                .toList()));
  }

  private static void retention(SetStorage set, List<Finding> findings) {
    boolean deleted = set.whenDeleted().equals(DELETE);
    boolean scaled = set.whenScaled().equals(DELETE);
    if (!deleted && !scaled) {
      return;
    }
    var values = new ArrayList<String>();
    if (deleted) {
      values.add("whenDeleted");
    }
    if (scaled) {
      values.add("whenScaled");
    }
    findings.add(
        Finding.warning(
            set.id(),
            "persistentVolumeClaimRetentionPolicy is Delete for "
                + String.join(" and ", values)
                + ", wanted Retain: "
                + (deleted ? "helm uninstall deletes the claims and the data in them" : "")
                + (deleted && scaled ? ", and " : "")
                + (scaled ? "a scale-in deletes the claims of the pods that go" : ""),
            "",
            "--set "
                + values.stream()
                    .map(v -> "database.statefulset.retention." + v + "=Retain")
                    .reduce((a, b) -> a + " --set " + b)
                    .orElseThrow()));
  }

  private static Finding rendered(RenderedClaim claim) {
    return Finding.warning(
        "PersistentVolumeClaim/" + claim.name(),
        "the claim "
            + claim.name()
            + " is an object of the release without helm.sh/resource-policy: keep, so helm"
            + " uninstall deletes it and the data in it",
        "",
        // Helm's uninstall reads the release's manifest, not the live object.
        "put it into the claim's metadata in the chart: annotations: {helm.sh/resource-policy:"
            + " keep} (kubectl annotate does not help: helm uninstall reads the chart's"
            + " manifest)");
  }

  private static void ephemeral(DatabaseSet set, Plan plan, List<Finding> findings) {
    plan.workloads().stream()
        .filter(w -> w.kind().equals("StatefulSet") && w.name().equals(set.name()))
        .flatMap(w -> dataVolumes(w, set).stream())
        .filter(v -> v.getEphemeral() != null)
        .forEach(
            v ->
                findings.add(
                    Finding.warning(
                        "StatefulSet/" + set.name(),
                        "the data directory is on the generic ephemeral volume "
                            + v.getName()
                            + ", whose claim is deleted with its pod; wanted: a"
                            + " volumeClaimTemplate",
                        "",
                        "move spec.template.spec.volumes["
                            + v.getName()
                            + "].ephemeral.volumeClaimTemplate to spec.volumeClaimTemplates, with"
                            + " metadata.name: "
                            + v.getName())));
  }

  /** The pod's own volumes that hold the data directory or a part of it. */
  private static List<Volume> dataVolumes(Workload workload, DatabaseSet set) {
    var mounted =
        workload.pod().getContainers().stream()
            .filter(c -> c.getName().equals(set.container()))
            .flatMap(
                c ->
                    c.getVolumeMounts().stream()
                        .filter(m -> holdsData(c, m.getMountPath()))
                        .map(m -> m.getName()))
            .toList();
    return workload.pod().getVolumes().stream().filter(v -> mounted.contains(v.getName())).toList();
  }

  private static boolean holdsData(Container container, String mount) {
    var directory =
        container.getEnv().stream()
            .filter(e -> e.getName().equals("PGDATA") && e.getValue() != null)
            .map(e -> e.getValue())
            .findFirst();
    return directory
        .map(d -> (d + "/").startsWith(mount.endsWith("/") ? mount : mount + "/"))
        .orElse((mount + "/").startsWith(USUAL_DATA + "/"));
  }
}
