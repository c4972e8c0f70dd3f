package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What the program did with a command line, but for the process around it. */
record ProgramRun(ExitCode code, String out, String err) {

  /** What never may be seen: exceptions and their traces. */
  private static final List<String> TRACES = List.of("Exception", "\tat ", "java.lang");

  static ProgramRun of(Map<String, String> environment, String... line) {
    var out = new StringWriter();
    var err = new StringWriter();
    var terminal =
        new Terminal(
            InputStream.nullInputStream(),
            new PrintWriter(out),
            new PrintWriter(err),
            false,
            false,
            false);
    var code =
        new Pgcheck(new HelmEnvironment(environment), "1.2.3", terminal).run(Arrays.asList(line));
    terminal.out().flush();
    terminal.err().flush();
    return new ProgramRun(code, out.toString(), err.toString());
  }

  /** A usage error, or findings; and whatever it is, in words. */
  void assertInWords(String input) {
    assertTrue(code != ExitCode.CLEAN && code != ExitCode.INTERNAL, () -> this + "\n" + input);
    for (var trace : TRACES) {
      assertFalse((out + err).contains(trace), () -> this + "\n" + input);
    }
    assertTrue(err.lines().count() <= 1, () -> this + "\n" + input);
    assertTrue(code != ExitCode.USAGE || (out.isEmpty() && err.startsWith("pgcheck: ")), err);
    assertTrue(!out.isEmpty() || !err.isBlank(), input);
  }
}
