/** Scenarios that change a running release and put everything back; they bring back facts, too. */
@NullMarked
package io.tlengine.pgcheck.scenario;

import org.jspecify.annotations.NullMarked;
