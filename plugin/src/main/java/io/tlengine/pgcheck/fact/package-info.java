/** What was seen of cluster, database and network: plain records without secrets. Pure. */
@NullMarked
package io.tlengine.pgcheck.fact;

import org.jspecify.annotations.NullMarked;
