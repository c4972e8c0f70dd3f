/** Facts on their way: in a file, and to and from a pod. */
@NullMarked
package io.tlengine.pgcheck.gather.saved;

import org.jspecify.annotations.NullMarked;
