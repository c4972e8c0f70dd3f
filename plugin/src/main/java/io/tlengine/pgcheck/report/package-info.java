/** One report document and its formats. */
@NullMarked
package io.tlengine.pgcheck.report;

import org.jspecify.annotations.NullMarked;
