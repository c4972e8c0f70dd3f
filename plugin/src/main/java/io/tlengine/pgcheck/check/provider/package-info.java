/** PGC-5xx: connections, poolers and providers. Pure. */
@NullMarked
package io.tlengine.pgcheck.check.provider;

import org.jspecify.annotations.NullMarked;
