package io.tlengine.pgcheck.fact;

import io.tlengine.pgcheck.fact.Claims.ClaimFact;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import java.util.List;

/**
 * A claim with a planned name that exists already and is not the release's own: the set would take
 * it over as it is.
 */
public record OldClaim(PlannedClaim planned, ClaimFact found, State state) {

  /** What stands out about it; the first that holds. */
  public enum State {
    ANOTHER_RELEASES,
    TOO_SMALL,
    OF_ANOTHER_CLASS,
    /** Nothing was ever written where no volume was made. */
    WITHOUT_VOLUME,
    /** It fits, and has what an earlier install wrote. */
    ADOPTED
  }

  /**
   * Of these planned claims. Those of a set that exists are its own, and so are those of an
   * installed release whose set was removed to be made again.
   */
  public static List<OldClaim> of(List<PlannedClaim> planned, Claims claims, LiveSets live) {
    return planned.stream()
        .flatMap(
            plan ->
                claims.named(plan.name()).filter(found -> !own(plan, found, live)).stream()
                    .map(found -> new OldClaim(plan, found, state(plan, found, live))))
        .toList();
  }

  private static boolean own(PlannedClaim plan, ClaimFact found, LiveSets live) {
    return live.named(plan.set()).isPresent()
        || (live.installed() && found.release().filter(live.release()::equals).isPresent());
  }

  private static State state(PlannedClaim plan, ClaimFact found, LiveSets live) {
    if (found.release().filter(r -> !r.equals(live.release())).isPresent()) {
      return State.ANOTHER_RELEASES;
    }
    if (found.requestedBytes() < Amounts.bytes(plan.size())) {
      return State.TOO_SMALL;
    }
    if (plan.storageClass().isPresent() && !plan.storageClass().equals(found.storageClass())) {
      return State.OF_ANOTHER_CLASS;
    }
    return found.bound() ? State.ADOPTED : State.WITHOUT_VOLUME;
  }
}
