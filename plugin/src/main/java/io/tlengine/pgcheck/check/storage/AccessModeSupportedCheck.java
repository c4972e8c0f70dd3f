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
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import io.tlengine.pgcheck.plan.StoragePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The provisioner can make a volume with the claim's access modes (v1 PersistentVolumeClaim
 * spec.accessModes). No API says which it can; those of which it is known are listed here, for file
 * systems: raw block volumes are left out, where some can do more.
 */
public final class AccessModeSupportedCheck implements Check {

  private static final String ONE_NODE = "ReadWriteOnce";
  private static final String ONE_POD = "ReadWriteOncePod";

  /**
   * Disks that one node mounts at a time, as their own documentation says (for local-path: its
   * provisioner.go refuses any other mode unless a shared file system is configured).
   */
  private static final Set<String> ONE_NODE_ONLY =
      Set.of(
          "ebs.csi.aws.com",
          "ebs.csi.eks.amazonaws.com",
          "disk.csi.azure.com",
          "dobs.csi.digitalocean.com",
          "csi.hetzner.cloud",
          "linodebs.csi.linode.com",
          "block.csi.vultr.com",
          "topolvm.io",
          "local.csi.openebs.io",
          "zfs.csi.openebs.io",
          "rancher.io/local-path",
          "openebs.io/local");

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-210",
        "access-mode-supported",
        Severity.ERROR,
        "the class's storage cannot be mounted in the way that the claim asks for");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(
        FactKey.PLAN,
        FactKey.STORAGE_PLAN,
        FactKey.STORAGE_CLASSES,
        FactKey.CLAIMS,
        FactKey.STORAGE_DRIVERS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var storage = facts.get(FactKey.STORAGE_PLAN);
    var all = OpenClaim.of(facts);
    var open = all.stream().filter(c -> !block(c.claim(), storage)).toList();
    if (open.isEmpty()) {
      return new Outcome.Skipped(
          all.isEmpty() ? OpenClaim.nothing(facts) : "all open claims are raw block volumes");
    }
    var findings = new ArrayList<Finding>();
    OpenClaim.byClass(open)
        .forEach(
            (storageClass, claims) ->
                judge(storageClass, claims, facts.get(FactKey.STORAGE_DRIVERS), findings));
    return Outcome.of(
        findings,
        evidence(
            "accessModes",
            open.stream()
                .flatMap(c -> c.claim().accessModes().stream())
                .distinct()
                .sorted()
                .toList()));
  }

  private static void judge(
      StorageClassFact storageClass,
      List<OpenClaim> claims,
      StorageDrivers drivers,
      List<Finding> findings) {
    var driver = storageClass.driver();
    var modes =
        claims.stream().flatMap(c -> c.claim().accessModes().stream()).collect(Collectors.toSet());
    var beyond =
        modes.stream().filter(m -> !m.equals(ONE_NODE) && !m.equals(ONE_POD)).sorted().toList();
    if (ONE_NODE_ONLY.contains(driver) && !beyond.isEmpty()) {
      findings.add(
          Finding.error(
              "StorageClass/" + storageClass.name(),
              OpenClaim.who(claims)
                  + " asks for "
                  + String.join(", ", beyond)
                  + ", and file systems of "
                  + driver
                  + " can be mounted by one node alone; wanted: "
                  + ONE_NODE,
              "",
              "set accessModes: ["
                  + ONE_NODE
                  + "] in the claim template: a PostgreSQL data directory has one server, and"
                  + " needs no more"));
    } else if (modes.equals(Set.of(ONE_NODE)) && drivers.present(driver)) {
      findings.add(
          new Finding(
              Severity.INFO,
              "StorageClass/" + storageClass.name(),
              OpenClaim.who(claims)
                  + " asks for "
                  + ONE_NODE
                  + ", which lets two pods of one node mount the data directory; "
                  + ONE_POD
                  + " would let one pod alone (most CSI drivers can)",
              "",
              "accessModes: ["
                  + ONE_POD
                  + "] in the claim template, before the first install: it cannot be changed"
                  + " later"));
    }
  }

  private static boolean block(PlannedClaim claim, StoragePlan storage) {
    return storage
        .set(claim.set())
        .filter(
            s ->
                s.blockTemplates().stream()
                    .anyMatch(t -> claim.name().startsWith(t + "-" + claim.set() + "-")))
        .isPresent();
  }
}
