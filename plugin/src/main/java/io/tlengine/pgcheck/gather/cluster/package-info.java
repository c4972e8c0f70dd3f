/**
 * Room in the cluster and its rules: nodes, quotas, limits, disruption budgets and network
 * policies.
 */
@NullMarked
package io.tlengine.pgcheck.gather.cluster;

import org.jspecify.annotations.NullMarked;
