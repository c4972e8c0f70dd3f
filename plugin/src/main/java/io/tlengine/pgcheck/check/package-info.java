/** What a check is and what it may answer, and the runner that asks all of them. Pure. */
@NullMarked
package io.tlengine.pgcheck.check;

import org.jspecify.annotations.NullMarked;
