package io.tlengine.pgcheck.check.cluster;

import io.fabric8.kubernetes.api.model.ScopedResourceSelectorRequirement;
import io.tlengine.pgcheck.fact.Quotas.Quota;
import io.tlengine.pgcheck.plan.PodShape;

/** Whether a quota counts a pod: all its scopes must match (v1 ResourceQuotaScope). */
final class QuotaScopes {

  private QuotaScopes() {}

  static boolean match(Quota quota, PodShape pod) {
    return quota.scopes().stream().allMatch(s -> matches(s, pod));
  }

  private static boolean matches(ScopedResourceSelectorRequirement scope, PodShape pod) {
    return switch (scope.getScopeName()) {
      case "Terminating" -> pod.ending();
      case "NotTerminating" -> !pod.ending();
      case "BestEffort" -> pod.bestEffort();
      case "NotBestEffort" -> !pod.bestEffort();
      case "PriorityClass" -> priority(scope, pod.priorityClass());
      // CrossNamespacePodAffinity and VolumeAttributesClass: nothing of ours has either.
      default -> false;
    };
  }

  private static boolean priority(ScopedResourceSelectorRequirement scope, String name) {
    return switch (scope.getOperator()) {
      case "In" -> scope.getValues().contains(name);
      case "NotIn" -> !scope.getValues().contains(name);
      case "DoesNotExist" -> name.isEmpty();
      default -> !name.isEmpty();
    };
  }
}
