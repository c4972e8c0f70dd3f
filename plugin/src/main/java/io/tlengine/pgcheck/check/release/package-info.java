/** PGC-8xx: chart, values and Secret. Pure. */
@NullMarked
package io.tlengine.pgcheck.check.release;

import org.jspecify.annotations.NullMarked;
