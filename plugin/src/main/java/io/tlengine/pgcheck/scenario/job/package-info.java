/** Looks from inside the cluster: a Job, its pod and its answer. Nothing of it stays. */
@NullMarked
package io.tlengine.pgcheck.scenario.job;

import org.jspecify.annotations.NullMarked;
