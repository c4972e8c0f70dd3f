/** PGC-4xx: the settings and the state of the database behind the URL. Pure. */
@NullMarked
package io.tlengine.pgcheck.check.database;

import org.jspecify.annotations.NullMarked;
