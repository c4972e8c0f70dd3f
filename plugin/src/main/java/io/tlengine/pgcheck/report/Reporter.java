package io.tlengine.pgcheck.report;

import java.io.IOException;
import java.io.Writer;

/** Writes a report in one format. */
public interface Reporter {

  void write(Report report, Writer to) throws IOException;
}
