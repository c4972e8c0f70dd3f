/** PGC-7xx: judges what a persistence scenario observed. Pure. */
@NullMarked
package io.tlengine.pgcheck.check.persistence;

import org.jspecify.annotations.NullMarked;
