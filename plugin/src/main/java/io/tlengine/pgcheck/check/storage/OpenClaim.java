package io.tlengine.pgcheck.check.storage;

import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A planned claim that still needs a volume, with the class that is going to make it. */
record OpenClaim(PlannedClaim claim, StorageClassFact storageClass) {

  static final String NO_CLAIMS = "the release makes no claims";
  static final String ALL_BOUND = "all claims have their volumes already";

  /** None of the open claims has a class: that is PGC-201's fault, or no provisioning is wanted. */
  static final String NO_CLASS = "no class is going to make a volume";

  /**
   * Those with a class; a claim whose class is missing or that wants none is left out, since
   * nothing is going to make its volume.
   */
  static List<OpenClaim> of(Facts.View facts) {
    var classes = facts.get(FactKey.STORAGE_CLASSES);
    return unbound(facts).stream()
        .flatMap(p -> classes.of(p.storageClass()).map(c -> new OpenClaim(p, c)).stream())
        .toList();
  }

  /** Why there is nothing to judge, when {@link #of} found none. */
  static String nothing(Facts.View facts) {
    if (facts.get(FactKey.PLAN).claims().isEmpty()) {
      return NO_CLAIMS;
    }
    return unbound(facts).isEmpty() ? ALL_BOUND : NO_CLASS;
  }

  private static List<PlannedClaim> unbound(Facts.View facts) {
    var existing = facts.get(FactKey.CLAIMS);
    return facts.get(FactKey.PLAN).claims().stream()
        .filter(p -> existing.named(p.name()).filter(Claims.ClaimFact::bound).isEmpty())
        .toList();
  }

  /** Claims of one class share its faults: one finding names them all. */
  static Map<StorageClassFact, List<OpenClaim>> byClass(List<OpenClaim> claims) {
    return claims.stream()
        .collect(
            Collectors.groupingBy(
                OpenClaim::storageClass, LinkedHashMap::new, Collectors.toList()));
  }

  static String who(List<OpenClaim> claims) {
    return claims.size() == 1 ? claims.getFirst().claim().name() : claims.size() + " claims";
  }

  long bytes() {
    return Amounts.bytes(claim.size());
  }
}
