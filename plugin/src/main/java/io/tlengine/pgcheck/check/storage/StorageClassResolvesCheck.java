package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Each claim that is not bound yet gets a storage class (v1 PersistentVolumeClaim
 * spec.storageClassName): a named one must exist; with none named, the default counts, of several
 * the most recently created.
 */
public final class StorageClassResolvesCheck implements Check {

  private static final String INSTALL_PROVISIONER =
      "install a storage provisioner with a default StorageClass (minikube: minikube addons enable"
          + " storage-provisioner default-storageclass)";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-201",
        "storage-class-resolves",
        Severity.ERROR,
        "a claim's storage class does not exist, or none is named and there is no default");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.STORAGE_CLASSES, FactKey.CLAIMS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var classes = facts.get(FactKey.STORAGE_CLASSES);
    var existing = facts.get(FactKey.CLAIMS);
    var planned = facts.get(FactKey.PLAN).claims();
    if (planned.isEmpty()) {
      return new Outcome.Skipped("the release makes no claims");
    }
    var open =
        planned.stream()
            .filter(p -> existing.named(p.name()).filter(c -> c.phase().equals("Bound")).isEmpty())
            .toList();
    if (open.isEmpty()) {
      return new Outcome.Passed(
          evidence("claims", planned.size(), "note", "all of them are bound already"));
    }
    // Claims of one set and class share a fault: one finding names them all.
    Map<String, List<PlannedClaim>> byClass = new LinkedHashMap<>();
    for (var claim : open) {
      byClass
          .computeIfAbsent(claim.storageClass().orElse("(default)"), c -> new ArrayList<>())
          .add(claim);
    }
    var findings = new ArrayList<Finding>();
    var resolved = new LinkedHashMap<String, Object>();
    byClass.forEach((name, claims) -> judge(claims, classes, findings, resolved));
    return Outcome.of(findings, evidence("claims", open.size(), "classes", resolved));
  }

  private static void judge(
      List<PlannedClaim> claims,
      StorageClasses classes,
      List<Finding> findings,
      Map<String, Object> resolved) {
    var named = claims.getFirst().storageClass();
    var who = claims.size() == 1 ? claims.getFirst().name() : claims.size() + " claims";
    if (named.isPresent() && named.get().isEmpty()) {
      resolved.put("(none)", "no dynamic provisioning: a matching volume must exist");
    } else if (named.isPresent()) {
      var found = classes.named(named.get());
      if (found.isPresent()) {
        resolved.put(named.get(), found.get().provisioner());
      } else {
        findings.add(missing(named.get(), who, classes));
      }
    } else {
      judgeDefault(who, classes, findings, resolved);
    }
  }

  private static Finding missing(String name, String who, StorageClasses classes) {
    return Finding.error(
        "StorageClass/" + name,
        "the storage class "
            + name
            + " of "
            + who
            + " does not exist; the cluster has "
            + list(classes.names()),
        "",
        classes.names().isEmpty()
            ? INSTALL_PROVISIONER
            : "name one that exists: " + ClassChoice.of(classes, c -> true).orElse(""));
  }

  private static void judgeDefault(
      String who, StorageClasses classes, List<Finding> findings, Map<String, Object> resolved) {
    var defaults = classes.defaults();
    if (defaults.isEmpty()) {
      findings.add(
          Finding.error(
              "StorageClass",
              who
                  + " names no storage class and the cluster has no default one; the cluster has "
                  + list(classes.names()),
              "",
              classes.names().isEmpty()
                  ? INSTALL_PROVISIONER
                  : "name one: "
                      + ClassChoice.key(classes.names().getFirst())
                      + "; or make it the default: kubectl annotate --overwrite storageclass "
                      + classes.names().getFirst()
                      + " storageclass.kubernetes.io/is-default-class=true"));
      return;
    }
    var winner = defaults.getFirst();
    resolved.put("(default)", winner.name() + " by " + winner.provisioner());
    if (defaults.size() > 1) {
      findings.add(
          Finding.warning(
              "StorageClass/" + winner.name(),
              "there are "
                  + defaults.size()
                  + " default storage classes, "
                  + list(defaults.stream().map(StorageClasses.StorageClassFact::name).toList())
                  + "; the most recently created, "
                  + winner.name()
                  + ", is used for "
                  + who,
              "",
              "keep one default: kubectl annotate --overwrite storageclass "
                  + String.join(
                      " ",
                      defaults.stream().skip(1).map(StorageClasses.StorageClassFact::name).toList())
                  + " storageclass.kubernetes.io/is-default-class=false"));
    }
  }

  private static String list(List<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names);
  }
}
