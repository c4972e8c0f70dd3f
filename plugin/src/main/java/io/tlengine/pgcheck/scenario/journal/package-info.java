/**
 * The Lease that one run at a time holds, and the journal of what it changes. Every change to a
 * release is announced here first.
 */
@NullMarked
package io.tlengine.pgcheck.scenario.journal;

import org.jspecify.annotations.NullMarked;
