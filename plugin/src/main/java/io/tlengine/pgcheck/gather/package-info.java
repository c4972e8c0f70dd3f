/**
 * Looks at Helm, the Kubernetes API, the network and PostgreSQL, and brings back facts. Changes
 * nothing.
 */
@NullMarked
package io.tlengine.pgcheck.gather;

import org.jspecify.annotations.NullMarked;
