/** Helm: its arguments and environment, its calls, and the manifests that it renders. */
@NullMarked
package io.tlengine.pgcheck.gather.helm;

import org.jspecify.annotations.NullMarked;
