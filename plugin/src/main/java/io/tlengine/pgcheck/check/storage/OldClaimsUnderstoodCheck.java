package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.Container;
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
import io.tlengine.pgcheck.fact.OldClaim;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A StatefulSet takes over every claim that has the name it would give one (TEMPLATE-SET-ORDINAL),
 * whoever made it and whatever is in it: with data of another major version its server does not
 * start. Nor does it when an upgrade gives a set that has data an image of another major.
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

  /** What lies in them: only --probe-volume looks. */
  @Override
  public Set<FactKey<?>> uses() {
    return Set.of(FactKey.OLD_DATA);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var planned = facts.get(FactKey.PLAN).claims();
    if (planned.isEmpty()) {
      return new Outcome.Skipped(OpenClaim.NO_CLAIMS);
    }
    var claims = facts.get(FactKey.CLAIMS);
    var live = facts.get(FactKey.LIVE_SETS);
    var old = OldClaim.of(planned, claims, live);
    var existing = planned.stream().filter(p -> claims.named(p.name()).isPresent()).count();
    return Outcome.of(
        Stream.concat(
                old.stream().flatMap(o -> judge(o, facts).stream()),
                MajorChange.of(facts.get(FactKey.PLAN), claims, live).stream()
                    .map(change -> finding(change, facts)))
            .toList(),
        evidence(
            "claims",
            planned.size(),
            "own",
            (int) existing - old.size(),
            "left by others",
            old.size()));
  }

  private static Finding finding(MajorChange change, Facts.View facts) {
    return Finding.error(
        "StatefulSet/" + change.set(),
        "the set "
            + change.set()
            + " has data of PostgreSQL "
            + change.from()
            + ", and the upgrade gives it an image of PostgreSQL "
            + change.to()
            + ": no server opens the data of another major, so the database would be down",
        "by the images' tags: "
            + change.before().tag()
            + " now, "
            + change.after().tag()
            + " after the upgrade",
        (ownPassword(change.set(), facts)
            ? "keep the major: --set-string database.statefulset.image.tag="
                + change.tagToKeep()
                + "; to change it, dump the data and restore it into a second release with "
                + change.to()
                + " (the chart's README: Dump and restore)"
            : "keep an image of PostgreSQL "
                + change.from()
                + "; to change the major, dump the data (pg_dump), and restore it into a"
                + " second release with "
                + change.to()));
  }

  private static Optional<Finding> judge(OldClaim claim, Facts.View facts) {
    var plan = claim.planned();
    var old = claim.found();
    var live = facts.get(FactKey.LIVE_SETS);
    var id = "PersistentVolumeClaim/" + old.name();
    var seen = seen(old, facts.get(FactKey.CLAIM_USERS), facts.observedAt());
    return switch (claim.state()) {
      case ANOTHER_RELEASES ->
          Optional.of(
              Finding.error(
                  id,
                  "the claim "
                      + old.name()
                      + " exists and belongs to another release, "
                      + old.release().orElse("")
                      + ", not to "
                      + live.release()
                      + "; the set would take it over with the data in it",
                  seen,
                  "install under another release or set name, or in another namespace; if the data"
                      + " is not needed any more: "
                      + delete(old, live)));
      case TOO_SMALL ->
          Optional.of(
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
      case OF_ANOTHER_CLASS ->
          Optional.of(
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
      case WITHOUT_VOLUME -> Optional.empty();
      case ADOPTED -> Optional.of(adopted(claim, facts, id, seen));
    };
  }

  private static Finding adopted(OldClaim claim, Facts.View facts, String id, String seen) {
    var plan = facts.get(FactKey.PLAN);
    return switch (OldMajor.of(claim.planned(), plan, facts.fact(FactKey.OLD_DATA))) {
      case OldMajor.NotAsked not -> takenOver(claim, facts, id, seen);
      case OldMajor.Same same ->
          takenOver(
              claim, facts, id, seen + ", data of PostgreSQL " + same.major() + " as the image's");
      case OldMajor.Unseen unseen ->
          takenOver(
              claim, facts, id, seen + "; the data's major version was not seen: " + unseen.why());
      case OldMajor.Other other ->
          Finding.error(
              id,
              "the claim "
                  + claim.found().name()
                  + " holds data of PostgreSQL "
                  + other.data()
                  + ", the image runs "
                  + other.server()
                  + ": the server would refuse it",
              seen,
              keep(claim.planned(), other, facts)
                  + "; to begin anew: "
                  + delete(claim.found(), facts.get(FactKey.LIVE_SETS)));
    };
  }

  private static String keep(PlannedClaim claim, OldMajor.Other other, Facts.View facts) {
    return ownPassword(claim.set(), facts)
        ? "to keep the data, keep its major: --set-string database.statefulset.image.tag="
            + tag(facts.get(FactKey.PLAN).databaseContainer(claim.set()), other)
            + "; from there dump it, and restore it into a second release with "
            + other.server()
            + " (the chart's README: Dump and restore)"
        : "to keep the data, install with an image of PostgreSQL "
            + other.data()
            + ", dump it there (pg_dump), and restore it into a second release with "
            + other.server();
  }

  /** The planned one, of the other major: 17.5-alpine becomes 15-alpine. */
  private static String tag(Optional<Container> container, OldMajor.Other other) {
    var tag = Pattern.compile(".*:" + Pattern.quote(other.server()) + "(?:\\.\\d+)*(-[\\w.-]+)?");
    return other.data()
        + container
            .map(c -> tag.matcher(c.getImage()))
            .filter(Matcher::matches)
            .flatMap(m -> Optional.ofNullable(m.group(1)))
            .orElse("");
  }

  /** As charts/tl-engine alone does. */
  private static boolean ownPassword(String set, Facts.View facts) {
    return facts.get(FactKey.STORAGE_PLAN).set(set).filter(s -> s.ownPassword()).isPresent();
  }

  private static Finding takenOver(OldClaim claim, Facts.View facts, String id, String seen) {
    var old = claim.found();
    boolean passwordSet = ownPassword(claim.planned().set(), facts);
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
            + delete(old, facts.get(FactKey.LIVE_SETS)));
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
