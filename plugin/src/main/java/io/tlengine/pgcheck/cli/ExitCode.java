package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.report.Report.Verdict;

/** The exit codes; README and help name the same. */
public enum ExitCode {
  CLEAN(0, "nothing to say against it"),
  INTERNAL(1, "an error inside pgcheck"),
  USAGE(2, "wrong arguments, an unreadable kubeconfig, no such release"),
  FINDINGS(3, "findings at or above --fail-on"),
  INCOMPLETE(4, "something could not be looked at, all was skipped, or the API does not answer");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }

  static ExitCode of(Verdict verdict) {
    return switch (verdict) {
      case passed -> CLEAN;
      case failed -> FINDINGS;
      case incomplete -> INCOMPLETE;
    };
  }
}
