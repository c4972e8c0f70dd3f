package io.tlengine.violating.plan;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Breaks the rules on purpose: a plan is read from manifests, never looked up. */
public record PlanThatAsksTheCluster(KubernetesClient client) {}
