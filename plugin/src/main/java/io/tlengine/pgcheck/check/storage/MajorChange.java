package io.tlengine.pgcheck.check.storage;

import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.LiveSets;
import io.tlengine.pgcheck.fact.LiveSets.LiveSet;
import io.tlengine.pgcheck.plan.ImageTag;
import io.tlengine.pgcheck.plan.Plan;
import java.util.List;
import java.util.Optional;

/**
 * A set that exists, and whose server would be of another major after the upgrade: no server opens
 * the data of another major. Both by the tags of the images, which say it before a pod ends; where
 * a tag names no major nothing is known.
 *
 * @param before of the set as it is
 * @param after of the set as the chart wants it
 */
record MajorChange(String set, ImageTag before, String from, ImageTag after, String to) {

  /** It brings the data to its own major when it starts (pg_upgrade). */
  private static final String UPGRADES_BY_ITSELF = "autoupgrade";

  static List<MajorChange> of(Plan plan, Claims claims, LiveSets live) {
    return live.items().stream()
        .filter(s -> own(s, live) && hasData(s, plan, claims))
        .flatMap(s -> of(s, plan).stream())
        .toList();
  }

  /** Another owner's set is PGC-809's. */
  private static boolean own(LiveSet set, LiveSets live) {
    return set.owner().filter(o -> !o.equals(live.release())).isEmpty();
  }

  /** Where the claims are gone the new server begins anew. */
  private static boolean hasData(LiveSet set, Plan plan, Claims claims) {
    return plan.claims().stream()
        .filter(c -> c.set().equals(set.name()))
        .anyMatch(c -> claims.named(c.name()).isPresent());
  }

  private static Optional<MajorChange> of(LiveSet set, Plan plan) {
    var before = set.image().flatMap(ImageTag::of);
    var after =
        plan.databaseContainer(set.name())
            .flatMap(c -> Optional.ofNullable(c.getImage()))
            .flatMap(ImageTag::of)
            .filter(t -> !t.repository().contains(UPGRADES_BY_ITSELF));
    return before.flatMap(b -> after.flatMap(a -> between(set.name(), b, a)));
  }

  private static Optional<MajorChange> between(String set, ImageTag before, ImageTag after) {
    return before
        .postgresMajor()
        .flatMap(
            from ->
                after
                    .postgresMajor()
                    .filter(to -> !to.equals(from))
                    .map(to -> new MajorChange(set, before, from, after, to)));
  }

  /** One that the planned repository has too: of another one only the major is sure. */
  String tagToKeep() {
    return before.repository().equals(after.repository()) ? before.tag() : after.withMajor(from);
  }
}
