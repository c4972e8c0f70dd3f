/** Storage classes, claims, drivers, and the nodes that have them. */
@NullMarked
package io.tlengine.pgcheck.gather.storage;

import org.jspecify.annotations.NullMarked;
