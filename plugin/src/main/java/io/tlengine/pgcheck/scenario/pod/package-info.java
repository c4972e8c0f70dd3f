/** Pods as they are: deleted, waited for, stuck, and commands run in them. */
@NullMarked
package io.tlengine.pgcheck.scenario.pod;

import org.jspecify.annotations.NullMarked;
