package io.tlengine.pgcheck.fact;

import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;

/**
 * Whether a pod of the namespace gets answers to its name queries.
 *
 * @param name a Service that every cluster has, as pods ask for it
 * @param dnsPolicy of the application's pods, which that pod has, too (v1 PodSpec)
 */
public record ClusterDns(String name, NameLookup lookup, String dnsPolicy) {

  /** Whether names of Services should resolve at all: not with the node's own resolver. */
  public boolean knowsServices() {
    return dnsPolicy.startsWith("ClusterFirst");
  }
}
