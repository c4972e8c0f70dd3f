package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ClaimUsers;
import io.tlengine.pgcheck.fact.Claims.ClaimFact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.LiveSets;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import io.tlengine.pgcheck.plan.StoragePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A StatefulSet takes over every claim that has the name it would give one (TEMPLATE-SET-ORDINAL),
 * whoever made it and whatever is in it. Claims of a set that exists are its own, and so are those
 * of an installed release whose set was removed to be made again.
 */
public final class OldClaimsUnderstoodCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-207",
        "old-claims-understood",
        Severity.ERROR,
        "claims with the names of the set exist already: another release's, or too small, or with data");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(
        FactKey.PLAN, FactKey.STORAGE_PLAN, FactKey.CLAIMS, FactKey.CLAIM_USERS, FactKey.LIVE_SETS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var planned = facts.get(FactKey.PLAN).claims();
    if (planned.isEmpty()) {
      return new Outcome.Skipped(OpenClaim.NO_CLAIMS);
    }
    var claims = facts.get(FactKey.CLAIMS);
    var live = facts.get(FactKey.LIVE_SETS);
    var findings = new ArrayList<Finding>();
    int own = 0;
    int met = 0;
    for (var plan : planned) {
      var old = claims.named(plan.name());
      if (old.isEmpty()) {
        continue;
      }
      if (own(plan, old.get(), live)) {
        own++;
        continue;
      }
      met++;
      judge(
              plan,
              old.get(),
              live,
              facts.get(FactKey.STORAGE_PLAN),
              facts.get(FactKey.CLAIM_USERS),
              facts.observedAt())
          .ifPresent(findings::add);
    }
    return Outcome.of(
        findings, evidence("claims", planned.size(), "own", own, "left by others", met));
  }

  private static boolean own(PlannedClaim plan, ClaimFact old, LiveSets live) {
    return live.named(plan.set()).isPresent()
        || (live.installed() && old.release().filter(live.release()::equals).isPresent());
  }

  private static Optional<Finding> judge(
      PlannedClaim plan,
      ClaimFact old,
      LiveSets live,
      StoragePlan storage,
      ClaimUsers users,
      Instant now) {
    var id = "PersistentVolumeClaim/" + old.name();
    var seen = seen(old, users, now);
    if (old.release().filter(r -> !r.equals(live.release())).isPresent()) {
      return Optional.of(
          Finding.error(
              id,
              "the claim "
                  + old.name()
                  + " exists and belongs to another release, "
                  + old.release().get()
                  + ", not to "
                  + live.release()
                  + "; the set would take it over with the data in it",
              seen,
              "install under another release or set name, or in another namespace; if the data is"
                  + " not needed any more: "
                  + delete(old, live)));
    }
    if (old.requestedBytes() < OpenClaim.bytes(plan.size())) {
      return Optional.of(
          Finding.error(
              id,
              "the claim "
                  + old.name()
                  + " exists with "
                  + Sizes.text(old.requestedBytes())
                  + ", wanted "
                  + plan.size()
                  + "; the set would take it over as it is",
              seen,
              larger(plan, old, live)
                  + "; else plan its size: --set-string database.statefulset.storage.size="
                  + Sizes.text(old.requestedBytes())));
    }
    if (plan.storageClass().isPresent() && !plan.storageClass().equals(old.storageClass())) {
      return Optional.of(
          Finding.error(
              id,
              "the claim "
                  + old.name()
                  + " exists with the storage class "
                  + old.storageClass().filter(c -> !c.isEmpty()).orElse("(none)")
                  + ", wanted "
                  + plan.storageClass().filter(c -> !c.isEmpty()).orElse("(none)")
                  + "; the set would take it over as it is",
              seen,
              old.storageClass()
                      .filter(c -> !c.isEmpty())
                      .map(c -> "keep its class: " + ClassChoice.key(c) + "; or, ")
                      .orElse("")
                  + "if the data is not needed any more: "
                  + delete(old, live)));
    }
    // Nothing was ever written where no volume was made.
    return old.bound()
        ? Optional.of(adopted(id, plan, old, live, storage, seen))
        : Optional.empty();
  }

  private static Finding adopted(
      String id,
      PlannedClaim plan,
      ClaimFact old,
      LiveSets live,
      StoragePlan storage,
      String seen) {
    boolean passwordSet = storage.set(plan.set()).filter(s -> s.ownPassword()).isPresent();
    return Finding.warning(
        id,
        "the claim "
            + old.name()
            + " is left from an earlier install"
            + old.release().map(r -> " of " + r).orElse("")
            + ": the set takes it over with the data in it"
            + (passwordSet ? "" : " and with the old password, which the Secret does not change"),
        seen,
        "to keep the data, install"
            + (passwordSet ? "" : " with the password of then")
            + "; to begin anew: "
            + delete(old, live));
  }

  /** Only a bound claim can be made larger, and one that never was holds nothing. */
  private static String larger(PlannedClaim plan, ClaimFact old, LiveSets live) {
    return old.bound()
        ? "if its class can grow: kubectl patch pvc "
            + old.name()
            + " -n "
            + live.namespace()
            + " -p '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\""
            + plan.size()
            + "\"}}}}'"
        : "it has no volume yet, so nothing is lost with it: " + delete(old, live);
  }

  private static String delete(ClaimFact claim, LiveSets live) {
    return "kubectl delete pvc " + claim.name() + " -n " + live.namespace();
  }

  private static String seen(ClaimFact claim, ClaimUsers users, Instant now) {
    var parts =
        new ArrayList<>(
            List.of(
                Sizes.text(claim.requestedBytes()),
                claim
                    .storageClass()
                    .filter(c -> !c.isEmpty())
                    .map(c -> "class " + c)
                    .orElse("no class"),
                claim.phase(),
                age(Duration.between(claim.created(), now))));
    var pods = users.of(claim.name());
    if (!pods.isEmpty()) {
      parts.add("mounted by " + String.join(", ", pods));
    }
    return String.join(", ", parts);
  }

  private static String age(Duration age) {
    return age.toDays() > 1
        ? age.toDays() + " days old"
        : age.toHours() > 1 ? age.toHours() + " hours old" : age.toMinutes() + " minutes old";
  }
}
