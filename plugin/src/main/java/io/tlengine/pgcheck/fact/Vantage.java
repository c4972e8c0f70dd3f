package io.tlengine.pgcheck.fact;

/** From where a database was looked at. */
public enum Vantage {
  /** The machine that helm runs on. */
  HERE,
  /** A pod of the release's namespace, with the labels and the DNS of the application's pods. */
  CLUSTER
}
