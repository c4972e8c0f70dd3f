package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.DatabaseSet.Source;
import io.tlengine.pgcheck.scenario.journal.OwnObjects;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The same scenarios as a Job of the release's namespace, as YAML for kubectl: with an account and
 * a Role of its own that allow what they take, and no more.
 */
public final class PersistenceJob {

  /** For the pod to start, and to put everything back. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  private PersistenceJob() {}

  /**
   * @param options of the command besides the release, as they were given
   * @param timeout of the run itself
   */
  public static String yaml(
      ReleaseDatabase database,
      String release,
      String namespace,
      String image,
      List<String> options,
      Duration timeout) {
    var arguments =
        Stream.concat(Stream.of("persistence", release, "--yes"), options.stream()).toList();
    return text("persistence.yaml")
        .replace("{rules}", rules(database))
        .replace("{arguments}", quoted(arguments))
        .replace("{name}", OwnObjects.leaseName(release) + "-persistence")
        .replace("{namespace}", namespace)
        .replace("{image}", '"' + image + '"')
        .replace("{seconds}", String.valueOf(timeout.plus(MARGIN).toSeconds()));
  }

  private static String rules(ReleaseDatabase database) {
    var secrets = secrets(database);
    // A rule with no names would be one for all of them.
    var reading =
        secrets.isEmpty()
            ? ""
            : """
              - apiGroups: [""]
                resources: [secrets]
                resourceNames: [%s]
                verbs: [get]
            """
                .formatted(quoted(secrets));
    return reading
        + switch (database) {
          case ReleaseDatabase.InCluster own -> text("in-cluster-rules.yaml");
          case ReleaseDatabase.Redis redis -> text("in-cluster-rules.yaml");
          case ReleaseDatabase.External external -> "";
        };
  }

  private static List<String> secrets(ReleaseDatabase database) {
    return switch (database) {
      case ReleaseDatabase.External external -> List.of(external.url().secret());
      case ReleaseDatabase.Redis redis -> List.of();
      case ReleaseDatabase.InCluster own ->
          Stream.concat(Stream.of(own.set()), own.standbys().stream())
              .flatMap(PersistenceJob::sources)
              .flatMap(s -> s instanceof Source.SecretKey k ? Stream.of(k.secret()) : Stream.of())
              .distinct()
              .sorted()
              .toList();
    };
  }

  private static Stream<Source> sources(DatabaseSet set) {
    return Stream.of(set.database(), set.user(), set.password()).flatMap(Optional::stream);
  }

  /** Every JSON text is YAML, and none of these words holds what JSON would escape. */
  private static String quoted(List<String> words) {
    return words.stream().map(w -> '"' + w + '"').collect(Collectors.joining(", "));
  }

  private static String text(String file) {
    try (var in = PersistenceJob.class.getResourceAsStream("/jobs/" + file)) {
      if (in == null) {
        throw new IllegalStateException("no file " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
