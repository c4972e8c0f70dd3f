package io.tlengine.pgcheck.scenario.crash;

/** Which process of the server is ended. */
public enum Victim {
  OWN_BACKEND("the server process of a writer"),
  CHECKPOINTER("the checkpointer"),
  WAL_WRITER("the WAL writer");

  private final String text;

  Victim(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
