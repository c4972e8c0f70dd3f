package io.tlengine.pgcheck.plan;

import java.util.List;
import java.util.Optional;

/**
 * What a release does with volumes, beyond the claims that it asks for.
 *
 * @param sets the StatefulSets that make claims
 * @param rendered the claims among the release's own objects, hooks left out
 */
public record StoragePlan(List<SetStorage> sets, List<RenderedClaim> rendered) {

  public StoragePlan {
    sets = List.copyOf(sets);
    rendered = List.copyOf(rendered);
  }

  /**
   * @param standby holds copies alone (annotation pgcheck.io/role), so its claims can be made again
   * @param ownPassword the pods set the password of their Secret at each start, as charts/tl-engine
   *     does: data of an earlier install opens with the new one
   * @param whenDeleted spec.persistentVolumeClaimRetentionPolicy.whenDeleted, Retain when not set
   * @param whenScaled the same of whenScaled
   * @param blockTemplates the claim templates of volumeMode Block
   */
  public record SetStorage(
      String name,
      boolean standby,
      boolean ownPassword,
      String whenDeleted,
      String whenScaled,
      List<String> blockTemplates) {

    public SetStorage {
      blockTemplates = List.copyOf(blockTemplates);
    }

    public String id() {
      return "StatefulSet/" + name;
    }
  }

  /**
   * @param kept annotation helm.sh/resource-policy: keep
   */
  public record RenderedClaim(String name, boolean kept) {}

  public Optional<SetStorage> set(String name) {
    return sets.stream().filter(s -> s.name().equals(name)).findFirst();
  }
}
