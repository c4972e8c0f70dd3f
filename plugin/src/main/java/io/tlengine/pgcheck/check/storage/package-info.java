/** PGC-2xx: storage classes, claims and volumes. Pure. */
@NullMarked
package io.tlengine.pgcheck.check.storage;

import org.jspecify.annotations.NullMarked;
