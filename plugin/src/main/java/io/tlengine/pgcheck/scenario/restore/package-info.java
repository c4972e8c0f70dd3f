/**
 * Puts back what a run changed, or a killed one left. From taking the Lease until then the release
 * is the run's.
 */
@NullMarked
package io.tlengine.pgcheck.scenario.restore;

import org.jspecify.annotations.NullMarked;
