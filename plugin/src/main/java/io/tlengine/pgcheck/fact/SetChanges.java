package io.tlengine.pgcheck.fact;

import java.util.List;

/** What an upgrade would change in the fields of a StatefulSet that cannot be changed. */
public record SetChanges(String namespace, List<SetChange> items) {

  public SetChanges {
    items = List.copyOf(items);
  }

  /** One of the release's sets that exist. */
  public sealed interface SetChange {

    String set();

    /** No such field changes, or the server takes the change. */
    record Possible(String set) implements SetChange {}

    /**
     * The server refuses the change.
     *
     * @param replicas of the set as it is
     * @param firstOrdinal of its pods
     * @param deletesClaims its claims are deleted with it (retention policy whenDeleted)
     * @param fields those that differ, after the server's defaults
     * @param said the server's words
     */
    record Refused(
        String set,
        int replicas,
        int firstOrdinal,
        boolean deletesClaims,
        List<FieldChange> fields,
        String said)
        implements SetChange {
      public Refused {
        fields = List.copyOf(fields);
      }
    }

    /** The server refuses the new set as such, whatever is there now. */
    record NotValid(String set, String said) implements SetChange {}
  }

  /**
   * @param path below spec, a claim template by its name: volumeClaimTemplates[data].spec...
   * @param before as it is, (none) when absent
   * @param after as the chart wants it
   */
  public record FieldChange(String path, String before, String after) {

    /** What stands for a field that is absent: for people, and no value to paste. */
    public static final String NONE = "(none)";

    /** The value that keeps the field as it is: empty where it is absent. */
    public String toKeep() {
      return before.equals(NONE) ? "" : before;
    }

    /** The size of a claim template. */
    public boolean size() {
      return path.startsWith("volumeClaimTemplates[")
          && path.endsWith("].spec.resources.requests.storage");
    }

    /** The template's name, of a change in one. */
    public String template() {
      int open = path.indexOf('[');
      int close = path.indexOf(']');
      return open < 0 || close < open ? "" : path.substring(open + 1, close);
    }
  }
}
