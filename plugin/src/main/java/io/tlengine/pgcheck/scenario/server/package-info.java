/**
 * A running server in a pod or elsewhere: the login, the connection, and the rows that a scenario
 * keeps in it.
 */
@NullMarked
package io.tlengine.pgcheck.scenario.server;

import org.jspecify.annotations.NullMarked;
