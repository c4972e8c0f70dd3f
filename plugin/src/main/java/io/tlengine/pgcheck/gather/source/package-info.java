/** What a source of facts is, and what it looks with. */
@NullMarked
package io.tlengine.pgcheck.gather.source;

import org.jspecify.annotations.NullMarked;
