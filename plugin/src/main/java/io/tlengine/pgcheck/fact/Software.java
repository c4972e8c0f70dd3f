package io.tlengine.pgcheck.fact;

/** What a StatefulSet's pods run, as far as a persistence scenario can write to it. */
public enum Software {
  /** Rows lie in a schema of the scenario's own. */
  POSTGRESQL,
  /** Rows are keys with a prefix of the scenario's own. */
  REDIS
}
