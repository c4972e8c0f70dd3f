package io.tlengine.pgcheck.scenario.journal;

import io.tlengine.pgcheck.scenario.server.DatabaseSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run is going to change in a release, written down before each change so that it can be put
 * back by whoever comes after a killed run.
 *
 * @param release what the run works on, as {@link Target#name} says it
 * @param holder who writes it, as {@link Holder#text}
 * @param login the Secret that the user named for logging in
 */
public record Journal(
    String release, String holder, Optional<DatabaseSecret> login, List<Entry> entries) {

  public Journal {
    entries = List.copyOf(entries);
  }

  /** One thing to put back. Putting it back twice, or before the change was made, does no harm. */
  public sealed interface Entry {

    /** The own schema in the database of a pod. */
    record PodSchema(String set, String pod) implements Entry {}

    /** The own keys in the Redis of a pod. */
    record RedisKeys(String set, String pod) implements Entry {}

    /** The own schema in the external database that a Secret's key leads to. */
    record ExternalSchema(String secret, String key) implements Entry {}

    /**
     * How many pods a StatefulSet had, and who owned that field.
     *
     * @param uid of the set: one that was made since has its own number
     */
    record Replicas(String set, String uid, int replicas, List<FieldOwner> owners)
        implements Entry {
      public Replicas {
        owners = List.copyOf(owners);
      }
    }

    /** Claims that did not exist and that the set's controller makes when the set grows. */
    record NewClaims(String set, List<String> names) implements Entry {
      public NewClaims {
        names = List.copyOf(names);
      }
    }

    /** The revision of a Helm release that was deployed. */
    record Revision(int revision) implements Entry {}
  }

  /** An entry of metadata.managedFields, without its time and its fields. */
  public record FieldOwner(
      String manager, String operation, String apiVersion, String subresource) {}

  /** Before the first change. */
  public static Journal empty(Target target, Holder holder) {
    return new Journal(target.name(), holder.text(), target.login(), List.of());
  }

  /** With this entry; what was written down first about the same thing is how it was before. */
  Journal with(Entry entry) {
    if (entries.stream().anyMatch(e -> about(e).equals(about(entry)))) {
      return this;
    }
    var all = new ArrayList<>(entries);
    all.add(entry);
    return new Journal(release, holder, login, all);
  }

  private static Object about(Entry entry) {
    return switch (entry) {
      case Entry.Replicas replicas -> List.of("replicas", replicas.set(), replicas.uid());
      case Entry.Revision revision -> "revision";
      case Entry.PodSchema schema -> schema;
      case Entry.RedisKeys keys -> keys;
      case Entry.ExternalSchema schema -> schema;
      case Entry.NewClaims claims -> claims;
    };
  }
}
