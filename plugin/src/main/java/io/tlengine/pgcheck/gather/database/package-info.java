/** The Secret with the release's database URLs, and the databases that they lead to. */
@NullMarked
package io.tlengine.pgcheck.gather.database;

import org.jspecify.annotations.NullMarked;
