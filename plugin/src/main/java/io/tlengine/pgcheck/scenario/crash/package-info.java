/**
 * The kill scenario's parts: writers, the process that is ended among them, the recovery, and the
 * ledger settled against the rows.
 */
@NullMarked
package io.tlengine.pgcheck.scenario.crash;

import org.jspecify.annotations.NullMarked;
