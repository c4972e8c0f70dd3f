package io.tlengine.pgcheck.fact;

import java.util.List;

/** What the API server said to objects that it was asked to try and not to keep (dryRun=All). */
public record DryRuns(String namespace, List<DryRun> items) {

  public DryRuns {
    items = List.copyOf(items);
  }

  /**
   * @param subject the object, as Kind/name
   * @param part what of it was tried: the manifest itself, its pod or its claim
   */
  public record DryRun(String subject, String part, Answer answer) {}

  /** The answer to one object. */
  public sealed interface Answer {
    record Accepted() implements Answer {}

    /**
     * @param message the API server's, with what it refused
     */
    record Rejected(int code, String reason, String message) implements Answer {}

    /** The namespace does not exist and the install does not make it: no object can be made. */
    record NoNamespace() implements Answer {}

    /** Nothing was decided, for example since the user may not create such objects. */
    record Undecided(String why, String remedy) implements Answer {}
  }
}
