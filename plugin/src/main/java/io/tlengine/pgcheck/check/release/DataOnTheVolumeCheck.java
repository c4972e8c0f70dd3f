package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.plan.DataDirectory;
import io.tlengine.pgcheck.plan.DataDirectory.Place;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * The data directory, as PGDATA names it or the image's generation has it, lies below the mount of
 * a claim. The official image from 18 on keeps it in /var/lib/postgresql/MAJOR/docker, one level
 * above the mount of older manifests.
 */
public final class DataOnTheVolumeCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-807",
        "data-on-the-volume",
        Severity.ERROR,
        "the data directory does not lie on a claim");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var plan = facts.get(FactKey.PLAN);
    if (plan.sets().isEmpty()) {
      return new Outcome.Skipped("the release brings no database of its own");
    }
    var findings = new ArrayList<Finding>();
    var places = new LinkedHashMap<String, Object>();
    for (var set : plan.sets()) {
      var workload = plan.workload("StatefulSet", set.name());
      var data = workload.flatMap(w -> data(w, set));
      if (workload.isEmpty() || data.isEmpty()) {
        return new Outcome.Unknown(
            "neither PGDATA nor the image's name says where " + set.name() + " keeps its data",
            "set the variable PGDATA in the container " + set.container());
      }
      places.put(set.name(), data.get().path());
      fault(data.get()).ifPresent(what -> findings.add(finding(workload.get(), data.get(), what)));
    }
    return Outcome.of(findings, evidence("directories", places));
  }

  private static Optional<DataDirectory> data(Workload workload, DatabaseSet set) {
    return workload
        .containers()
        .filter(c -> c.getName().equals(set.container()))
        .findFirst()
        .flatMap(c -> DataDirectory.of(workload, c));
  }

  private static Optional<String> fault(DataDirectory data) {
    return switch (data.place()) {
      case Place.OnClaim claim -> Optional.empty();
      case Place.OnVolume volume ->
          Optional.of("lies on " + volume.volume() + ", " + article(volume.type()));
      case Place.InContainer layer ->
          Optional.of("lies on no volume: it is lost with the container");
    };
  }

  private static String article(String type) {
    return switch (type) {
      case "emptyDir" -> "an emptyDir: it is lost with the pod";
      case "generic ephemeral volume" ->
          "a generic ephemeral volume: its claim is deleted with the pod";
      case "hostPath" -> "a hostPath: another node has other data";
      default -> "a volume that is no claim";
    };
  }

  private static Finding finding(Workload workload, DataDirectory data, String what) {
    return Finding.error(
        workload.id(),
        "the data directory "
            + data.path()
            + (data.declared() ? " (PGDATA) " : " (the image's default) ")
            + what
            + "; wanted: a directory below a claim's mount",
        "",
        workload.claimTemplates().isEmpty()
            ? "add a volumeClaimTemplate and mount it above " + data.path()
            : "set PGDATA to a directory below the mount of "
                + workload.claimTemplates().getFirst()
                + ", or mount it above "
                + data.path());
  }
}
