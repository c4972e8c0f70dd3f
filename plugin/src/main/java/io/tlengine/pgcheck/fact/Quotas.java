package io.tlengine.pgcheck.fact;

import io.fabric8.kubernetes.api.model.ScopedResourceSelectorRequirement;
import io.tlengine.pgcheck.plan.Amounts;
import java.util.List;
import java.util.Optional;

/**
 * The namespace's quotas (v1 ResourceQuota).
 *
 * @param defaultClass the storage class of claims that name none, if one is the default
 * @param classesGap why the storage classes, and with them the default, are not known
 */
public record Quotas(
    String namespace, List<Quota> items, Optional<String> defaultClass, Optional<Gap> classesGap) {

  public Quotas {
    items = List.copyOf(items);
  }

  /**
   * @param reason what stood in the way
   * @param remedy what to do about it
   */
  public record Gap(String reason, String remedy) {}

  /**
   * @param hard spec.hard
   * @param used status.used
   * @param scopes spec.scopes and spec.scopeSelector, all of which a pod must match
   */
  public record Quota(
      String name, Amounts hard, Amounts used, List<ScopedResourceSelectorRequirement> scopes) {
    public Quota {
      scopes = List.copyOf(scopes);
    }
  }
}
