package io.tlengine.pgcheck.fact;

/** What {@code helm template} answered to the user's own arguments. */
public sealed interface Rendering {

  /**
   * The chart rendered.
   *
   * @param objects how many Kubernetes objects came out
   */
  record Rendered(int objects) implements Rendering {}

  /**
   * Helm refused values or templates.
   *
   * @param cause its message, shortened to the cause
   */
  record Refused(String cause) implements Rendering {}
}
