package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import io.tlengine.pgcheck.fact.StorageDrivers;
import io.tlengine.pgcheck.fact.VolumeMakers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody is there to make the volumes: a CSI driver leaves a CSIDriver object, an entry in the
 * CSINode of its nodes, or volumes that it made. Other provisioners register nowhere: when they
 * made no volume yet, only a real claim shows whether they run.
 */
public final class ProvisionerPresentCheck implements Check {

  /** Volumes are made by hand. */
  private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-205",
        "provisioner-present",
        Severity.ERROR,
        "nothing in the cluster shows that the class's storage driver is installed");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(
        FactKey.PLAN,
        FactKey.STORAGE_CLASSES,
        FactKey.CLAIMS,
        FactKey.STORAGE_DRIVERS,
        FactKey.VOLUME_MAKERS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var open = OpenClaim.of(facts);
    if (open.isEmpty()) {
      return new Outcome.Skipped(OpenClaim.nothing(facts));
    }
    var drivers = facts.get(FactKey.STORAGE_DRIVERS);
    var makers = facts.get(FactKey.VOLUME_MAKERS);
    var findings = new ArrayList<Finding>();
    var seen = new LinkedHashMap<String, Object>();
    var silent = new ArrayList<String>();
    OpenClaim.byClass(open)
        .forEach(
            (storageClass, claims) -> {
              var provisioner = storageClass.provisioner();
              var traces = traces(storageClass, drivers, makers);
              if (!traces.isEmpty()) {
                seen.put(provisioner, String.join(", ", traces));
              } else if (csi(storageClass.driver())) {
                var suited =
                    ClassChoice.of(
                        facts.get(FactKey.STORAGE_CLASSES),
                        c -> !csi(c.driver()) || !traces(c, drivers, makers).isEmpty());
                findings.add(missing(storageClass, claims, drivers, suited));
              } else {
                silent.add(provisioner);
              }
            });
    if (findings.isEmpty() && seen.isEmpty()) {
      return new Outcome.Skipped(
          String.join(", ", silent)
              + " is no CSI driver and registers nowhere; --probe-volume shows whether it works");
    }
    return Outcome.of(findings, evidence("provisioners", seen));
  }

  /**
   * A CSI driver's name is a domain name (CSI specification, GetPluginInfoResponse.name). Other
   * provisioners have a slash in theirs, for example rancher.io/local-path.
   */
  private static boolean csi(String driver) {
    return !driver.contains("/");
  }

  private static List<String> traces(
      StorageClassFact storageClass, StorageDrivers drivers, VolumeMakers makers) {
    var provisioner = storageClass.provisioner();
    var driver = storageClass.driver();
    var traces = new ArrayList<String>();
    if (provisioner.equals(NO_PROVISIONER)) {
      traces.add("volumes are made by hand");
    }
    if (drivers.named(driver).isPresent()) {
      traces.add("CSIDriver");
    }
    int nodes = drivers.nodesWith(driver).size();
    if (nodes > 0) {
      traces.add("on " + nodes + (nodes == 1 ? " node" : " nodes"));
    }
    if (makers.provisioners().contains(driver) || makers.provisioners().contains(provisioner)) {
      traces.add("made a volume");
    }
    return traces;
  }

  private static Finding missing(
      StorageClassFact storageClass,
      List<OpenClaim> claims,
      StorageDrivers drivers,
      Optional<String> suited) {
    var provisioner = storageClass.provisioner();
    var driver = storageClass.driver();
    var present = drivers.registered().stream().map(d -> d.name()).sorted().toList();
    return Finding.error(
        "StorageClass/" + storageClass.name(),
        "the driver "
            + driver
            + (driver.equals(provisioner) ? "" : " (which serves " + provisioner + ")")
            + " of the class "
            + storageClass.name()
            + " is not installed: no CSIDriver, no node has it, and no volume was ever made by it;"
            + " the cluster has "
            + (present.isEmpty() ? "no CSI driver" : String.join(", ", present))
            + ", so "
            + OpenClaim.who(claims)
            + " would stay Pending",
        "",
        "install the driver "
            + driver
            + suited.map(key -> ", or choose a class of another one: " + key).orElse(""));
  }
}
