package io.tlengine.pgcheck.cli;

import java.io.InputStream;
import java.io.PrintWriter;

/**
 * Where a command reads and writes. Results alone go to {@code out}, everything else to {@code
 * err}.
 *
 * @param colours the results may be coloured: out is a terminal and NO_COLOR is not set
 * @param interactive somebody can answer a question
 * @param live err is a terminal on which a line can be written over
 */
public record Terminal(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    boolean colours,
    boolean interactive,
    boolean live) {}
