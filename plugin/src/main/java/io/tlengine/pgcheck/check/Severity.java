package io.tlengine.pgcheck.check;

/** How bad a finding is; declared from mild to grave, so that they can be compared. */
public enum Severity {
  /** Shown, never counted. */
  INFO("info"),
  WARNING("warning"),
  ERROR("error");

  private final String text;

  Severity(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
