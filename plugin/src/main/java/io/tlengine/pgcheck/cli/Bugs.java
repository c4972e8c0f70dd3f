package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.report.Report;
import java.util.List;

/** A check that threw is our fault, not a finding: it is named apart and ends in exit code 1. */
final class Bugs {

  private Bugs() {}

  static ExitCode exitCode(List<CheckResult> answers, Report report, Terminal terminal) {
    var broken = answers.stream().filter(a -> a.bug().isPresent()).toList();
    for (var answer : broken) {
      terminal
          .err()
          .println(
              "pgcheck: internal error in "
                  + answer.info().code()
                  + ": "
                  + answer.bug().map(Object::toString).orElse("")
                  + "; please report it with the command line");
    }
    return broken.isEmpty() ? ExitCode.of(report.verdict()) : ExitCode.INTERNAL;
  }
}
