/** The command line: reads arguments, calls the parts, chooses the exit code. */
@NullMarked
package io.tlengine.pgcheck.cli;

import org.jspecify.annotations.NullMarked;
