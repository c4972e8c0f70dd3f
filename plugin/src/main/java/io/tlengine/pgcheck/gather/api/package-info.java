/** The way to the Kubernetes API server, as kubectl and Helm go it, and reads there. */
@NullMarked
package io.tlengine.pgcheck.gather.api;

import org.jspecify.annotations.NullMarked;
