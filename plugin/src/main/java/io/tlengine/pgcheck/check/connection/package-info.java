/** PGC-1xx: the database is reached and logged in to. Pure. */
@NullMarked
package io.tlengine.pgcheck.check.connection;

import org.jspecify.annotations.NullMarked;
