package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.scenario.journal.Target;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.release.FoundRelease;
import io.tlengine.pgcheck.scenario.release.ReleaseFinder;
import io.tlengine.pgcheck.scenario.release.SetFinder;
import io.tlengine.pgcheck.scenario.server.DatabaseSecret;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What {@code persistence} is told to test: a release, or one StatefulSet by its name. */
sealed interface TestedDatabase {

  String SET = "--statefulset";
  String SECRET = "--database-secret";

  /** Kubernetes: names of StatefulSets (DNS subdomain). */
  Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  /** A Helm release, or the value of app.kubernetes.io/instance. */
  record OfRelease(String name) implements TestedDatabase {}

  record OfSet(String name, Optional<DatabaseSecret> login) implements TestedDatabase {}

  static void addTo(CommandSpec spec) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .paramLabel("RELEASE")
            .type(String.class)
            .description("a Helm release, or the value of app.kubernetes.io/instance")
            .build());
    spec.addOption(
        OptionSpec.builder(SET)
            .paramLabel("NAME")
            .type(String.class)
            .description(
                "instead of RELEASE: a StatefulSet that runs PostgreSQL or Redis, whoever made it")
            .build());
    DatabaseOptions.addSecretTo(
        spec,
        "with --statefulset, when its container's variables do not say how to log in: the Secret"
            + " with username, password and database, or with a URL in KEY");
  }

  static TestedDatabase from(ParseResult parsed) {
    boolean release = parsed.hasMatchedPositional(0);
    String set = parsed.matchedOptionValue(SET, null);
    if (release == (set != null)) {
      throw new UsageException(
          release
              ? "give RELEASE or " + SET + " NAME, not both"
              : "give RELEASE, or " + SET + " NAME for a set of another chart");
    }
    if (set == null) {
      if (parsed.hasMatchedOption(SECRET)) {
        throw new UsageException(SECRET + " goes with " + SET + "; a release's Secret is found");
      }
      return new OfRelease(parsed.matchedPositional(0).getValue());
    }
    if (!NAME.matcher(set).matches()) {
      throw new UsageException(SET + " is " + set + "; wanted: the name alone, such as postgres");
    }
    var hints = DatabaseOptions.from(parsed);
    return new OfSet(set, hints.secret().map(secret -> new DatabaseSecret(secret, hints.key())));
  }

  /** For the report, and for the question whether to go on. */
  default String title() {
    return switch (this) {
      case OfRelease release -> release.name();
      case OfSet set -> "statefulset/" + set.name();
    };
  }

  /** In a sentence. */
  default String kindAndName() {
    return switch (this) {
      case OfRelease release -> "release " + release.name();
      case OfSet set -> "StatefulSet " + set.name();
    };
  }

  default Target target(Helm helm, Cluster cluster, String namespace) throws ScenarioException {
    return switch (this) {
      case OfRelease release -> Target.release(release.name());
      case OfSet set -> finder(set, helm, cluster, namespace).target();
    };
  }

  default boolean exists(Helm helm, Cluster cluster, String namespace, Duration timeout)
      throws ScenarioException {
    return switch (this) {
      case OfRelease release ->
          new ReleaseFinder(helm, cluster, namespace).exists(release.name(), timeout);
      case OfSet set -> finder(set, helm, cluster, namespace).exists();
    };
  }

  default FoundRelease find(Helm helm, Cluster cluster, String namespace, Duration timeout)
      throws ScenarioException {
    return switch (this) {
      case OfRelease release ->
          new ReleaseFinder(helm, cluster, namespace).find(release.name(), timeout);
      case OfSet set -> finder(set, helm, cluster, namespace).find(timeout);
    };
  }

  private static SetFinder finder(OfSet set, Helm helm, Cluster cluster, String namespace) {
    return new SetFinder(helm, cluster, namespace, set.name(), set.login());
  }
}
