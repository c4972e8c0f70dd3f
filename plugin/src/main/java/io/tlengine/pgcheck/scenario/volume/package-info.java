/**
 * Looks into volumes by a pod that mounts them: what an old claim holds, and whether a new one
 * keeps what is written.
 */
@NullMarked
package io.tlengine.pgcheck.scenario.volume;

import org.jspecify.annotations.NullMarked;
