package io.tlengine.pgcheck.fact;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;

/** The disruption budgets that the release makes (policy/v1 PodDisruptionBudget). */
public record DisruptionBudgets(List<PodDisruptionBudget> items) {

  public DisruptionBudgets {
    items = List.copyOf(items);
  }
}
