package io.tlengine.pgcheck.plan;

/** What a database URL of the plan is for. */
public enum UrlRole {
  /** The application's own; may lead through a pooler. */
  RUNTIME("runtime"),
  /** Past a pooler: migrations and dumps. */
  DIRECT("direct"),
  /** For queries that only read; may lead to a standby. */
  READ("read");

  private final String text;

  UrlRole(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
