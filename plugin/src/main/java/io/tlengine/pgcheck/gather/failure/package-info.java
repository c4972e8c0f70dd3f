/** Why a look failed, in a few words, and why no run is possible. */
@NullMarked
package io.tlengine.pgcheck.gather.failure;

import org.jspecify.annotations.NullMarked;
