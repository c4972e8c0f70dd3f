/**
 * One connection to a PostgreSQL server, stage by stage: name, TCP, TLS, login, and what the
 * database says of itself.
 */
@NullMarked
package io.tlengine.pgcheck.gather.connection;

import org.jspecify.annotations.NullMarked;
