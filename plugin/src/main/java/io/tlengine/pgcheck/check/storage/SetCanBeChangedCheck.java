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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
          findings.add(finding(refused, changes.namespace()));
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

  private static Finding finding(Refused refused, String namespace) {
    return Finding.error(
        "StatefulSet/" + refused.set(),
        "the upgrade would change what a StatefulSet never changes: "
            + refused.fields().stream()
                .map(f -> f.path() + " is " + f.before() + ", wanted " + f.after())
                .collect(Collectors.joining("; ")),
        refused.said(),
        remedy(refused, namespace));
  }

  private static String remedy(Refused refused, String namespace) {
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
        .forEach(f -> commands.addAll(larger(refused, f, namespace)));
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
                    "; claims that exist keep the class "
                        + f.before()
                        + ", to stay with it: --set-string"
                        + " database.statefulset.storage.className="
                        + f.before())
            .orElse("");
    var keep =
        fields.stream()
            .filter(FieldChange::size)
            .findFirst()
            .map(
                f ->
                    "; if the class cannot grow, keep the size: --set-string"
                        + " database.statefulset.storage.size="
                        + f.before())
            .orElse("");
    return String.join(" && ", commands)
        + "; then the upgrade makes the set again, with the claims as they are"
        + (selector ? " (the pods end until then)" : " and the pods running meanwhile")
        + keep
        + values;
  }

  private static List<String> larger(Refused refused, FieldChange size, String namespace) {
    return IntStream.range(refused.firstOrdinal(), refused.firstOrdinal() + refused.replicas())
        .mapToObj(
            ordinal ->
                "kubectl patch pvc "
                    + size.template()
                    + "-"
                    + refused.set()
                    + "-"
                    + ordinal
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
