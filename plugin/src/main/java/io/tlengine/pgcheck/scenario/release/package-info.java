/**
 * Finds the running release, or one StatefulSet, and reads what decides whether it may be changed.
 */
@NullMarked
package io.tlengine.pgcheck.scenario.release;

import org.jspecify.annotations.NullMarked;
