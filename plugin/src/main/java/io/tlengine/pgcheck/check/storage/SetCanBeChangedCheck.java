package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.Quantity;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.SetChanges.FieldChange;
import io.tlengine.pgcheck.fact.SetChanges.SetChange;
import io.tlengine.pgcheck.fact.SetChanges.SetChange.Refused;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An upgrade changes only what a StatefulSet lets be changed (apps/v1 StatefulSet: claim templates,
 * serviceName, selector and podManagementPolicy stay as they were made). The way round it is to
 * remove the set and leave its pods and claims: the upgrade makes it again, and it takes them over.
 */
public final class SetCanBeChangedCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-208",
        "set-can-be-changed",
        Severity.ERROR,
        "the upgrade would change a field that a StatefulSet never changes");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.SET_CHANGES);
  }

  /** Whether the claims can grow. */
  @Override
  public Set<FactKey<?>> uses() {
    return Set.of(FactKey.CLAIMS, FactKey.STORAGE_CLASSES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var changes = facts.get(FactKey.SET_CHANGES);
    var findings = new ArrayList<Finding>();
    var compared = new ArrayList<String>();
    var invalid = new ArrayList<String>();
    for (var change : changes.items()) {
      switch (change) {
        case SetChange.Possible possible -> compared.add(possible.set());
        case Refused refused -> {
          compared.add(refused.set());
          findings.add(finding(refused, changes.namespace(), facts));
        }
        case SetChange.NotValid not -> invalid.add(not.set() + ": " + not.said());
      }
    }
    if (compared.isEmpty()) {
      return new Outcome.Skipped(
          "the server refuses the new set as such: " + String.join("; ", invalid));
    }
    return Outcome.of(findings, evidence("sets", compared));
  }

  private static Finding finding(Refused refused, String namespace, Facts.View facts) {
    return Finding.error(
        "StatefulSet/" + refused.set(),
        "the upgrade would change what a StatefulSet never changes: "
            + refused.fields().stream()
                .map(f -> f.path() + " is " + f.before() + ", wanted " + f.after())
                .collect(Collectors.joining("; ")),
        refused.said(),
        remedy(refused, namespace, facts));
  }

  private static String remedy(Refused refused, String namespace, Facts.View facts) {
    var fields = refused.fields();
    if (fields.stream().anyMatch(SetCanBeChangedCheck::shrinks)) {
      return "claims never shrink: keep the size, --set-string"
          + " database.statefulset.storage.size="
          + fields.stream()
              .filter(SetCanBeChangedCheck::shrinks)
              .findFirst()
              .orElseThrow()
              .before();
    }
    var size = fields.stream().filter(FieldChange::size).findFirst();
    var rigid = size.flatMap(s -> classThatCannotGrow(refused, s, facts));
    if (size.isPresent() && rigid.isPresent()) {
      return "claims of the class "
          + rigid.get()
          + " cannot grow (allowVolumeExpansion is not true): keep the size, --set-string"
          + " database.statefulset.storage.size="
          + size.get().before()
          + "; for more room dump the data, and restore it into a second release with "
          + size.get().after();
    }
    var commands = new ArrayList<String>();
    if (refused.deletesClaims()) {
      commands.add(
          "kubectl patch statefulset "
              + refused.set()
              + " -n "
              + namespace
              + " -p '{\"spec\":{\"persistentVolumeClaimRetentionPolicy\":{\"whenDeleted\":"
              + "\"Retain\"}}}'");
    }
    fields.stream()
        .filter(FieldChange::size)
        .forEach(s -> commands.addAll(larger(refused, s, namespace)));
    // Pods that the new selector does not select would stay as strangers.
    boolean selector = fields.stream().anyMatch(f -> f.path().startsWith("selector"));
    commands.add(
        "kubectl delete statefulset "
            + refused.set()
            + " -n "
            + namespace
            + (selector ? "" : " --cascade=orphan"));
    var values =
        fields.stream()
            .filter(f -> f.path().endsWith("].spec.storageClassName"))
            .findFirst()
            .map(
                f ->
                    "; claims that exist keep "
                        + (f.toKeep().isEmpty() ? "their class" : "the class " + f.before())
                        + ", to leave the template as it is: --set-string"
                        + " database.statefulset.storage.className="
                        + f.toKeep())
            .orElse("");
    var keep =
        size.map(
                s ->
                    "; if the class cannot grow, keep the size: --set-string"
                        + " database.statefulset.storage.size="
                        + s.before())
            .orElse("");
    return String.join(" && ", commands)
        + "; then the upgrade makes the set again, with the claims as they are"
        + (selector ? " (the pods end until then)" : " and the pods running meanwhile")
        + keep
        + values;
  }

  /** The class of one of its claims that is known not to expand; empty when none is known to. */
  private static Optional<String> classThatCannotGrow(
      Refused refused, FieldChange size, Facts.View facts) {
    var claims = facts.find(FactKey.CLAIMS);
    var classes = facts.find(FactKey.STORAGE_CLASSES);
    if (claims.isEmpty() || classes.isEmpty()) {
      return Optional.empty();
    }
    return claimNames(refused, size)
        .flatMap(name -> claims.get().named(name).stream())
        .flatMap(claim -> claim.storageClass().stream())
        .flatMap(name -> classes.get().named(name).stream())
        .filter(c -> !c.expandable())
        .map(StorageClassFact::name)
        .findFirst();
  }

  private static Stream<String> claimNames(Refused refused, FieldChange change) {
    return IntStream.range(refused.firstOrdinal(), refused.firstOrdinal() + refused.replicas())
        .mapToObj(ordinal -> change.template() + "-" + refused.set() + "-" + ordinal);
  }

  private static List<String> larger(Refused refused, FieldChange size, String namespace) {
    return claimNames(refused, size)
        .map(
            claim ->
                "kubectl patch pvc "
                    + claim
                    + " -n "
                    + namespace
                    + " -p '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\""
                    + size.after()
                    + "\"}}}}'")
        .toList();
  }

  private static boolean shrinks(FieldChange field) {
    return field.size()
        && Quantity.getAmountInBytes(Quantity.parse(field.after()))
                .compareTo(Quantity.getAmountInBytes(Quantity.parse(field.before())))
            < 0;
  }
}
