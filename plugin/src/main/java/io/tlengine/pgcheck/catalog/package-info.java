/** The one list of all checks, and their pages. */
@NullMarked
package io.tlengine.pgcheck.catalog;

import org.jspecify.annotations.NullMarked;
