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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A claim can be made larger only when its class allows it (StorageClass allowVolumeExpansion).
 * Worth knowing before data is in it, no fault.
 */
public final class VolumeCanGrowCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-203",
        "volume-can-grow",
        Severity.INFO,
        "the storage class does not let a volume grow, so its size should be chosen with room");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.STORAGE_CLASSES, FactKey.CLAIMS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var open = OpenClaim.of(facts);
    if (open.isEmpty()) {
      return new Outcome.Skipped(OpenClaim.nothing(facts));
    }
    var byClass = OpenClaim.byClass(open);
    Map<String, Object> expandable = new LinkedHashMap<>();
    byClass.keySet().forEach(c -> expandable.put(c.name(), c.expandable()));
    return Outcome.of(
        byClass.entrySet().stream()
            .filter(e -> !e.getKey().expandable())
            .map(e -> information(e.getKey(), e.getValue()))
            .toList(),
        evidence("allowVolumeExpansion", expandable));
  }

  private static Finding information(StorageClassFact storageClass, List<OpenClaim> claims) {
    var sizes = claims.stream().map(c -> c.claim().size()).distinct().sorted().toList();
    return new Finding(
        Severity.INFO,
        "StorageClass/" + storageClass.name(),
        "the class "
            + storageClass.name()
            + " does not allow expansion: "
            + OpenClaim.who(claims)
            + " will stay at "
            + String.join(", ", sizes),
        "",
        "choose the size with room (database.statefulset.storage.size); if "
            + storageClass.provisioner()
            + " can make volumes larger, allow it: kubectl patch storageclass "
            + storageClass.name()
            + " -p '{\"allowVolumeExpansion\": true}'");
  }
}
