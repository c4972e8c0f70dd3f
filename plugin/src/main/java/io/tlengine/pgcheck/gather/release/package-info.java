/** The release as it is installed, and what an upgrade would change or meet. */
@NullMarked
package io.tlengine.pgcheck.gather.release;

import org.jspecify.annotations.NullMarked;
