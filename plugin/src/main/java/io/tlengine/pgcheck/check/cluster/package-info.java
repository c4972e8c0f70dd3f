/** Room, rights and admission in the cluster: PGC-3xx. */
@NullMarked
package io.tlengine.pgcheck.check.cluster;

import org.jspecify.annotations.NullMarked;
