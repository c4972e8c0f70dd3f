/**
 * A StatefulSet under test: its servers by pod, the number of its pods and who owns it, and what
 * each pod has to show when it is back.
 */
@NullMarked
package io.tlengine.pgcheck.scenario.statefulset;

import org.jspecify.annotations.NullMarked;
