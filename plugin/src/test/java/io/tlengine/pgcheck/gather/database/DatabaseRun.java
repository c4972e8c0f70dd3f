package io.tlengine.pgcheck.gather.database;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Vantage;
import io.tlengine.pgcheck.gather.connection.EveryFormat;
import io.tlengine.pgcheck.plan.PlanReader;
import io.tlengine.pgcheck.plan.UrlRole;
import io.tlengine.pgcheck.postgres.Postgres;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What preflight makes of a plan's URLs, from the Secret's texts to the answers: every check of the
 * blocks 1xx and 4xx, in one run.
 */
final class DatabaseRun {

  private final Map<UrlRole, String> urls = new EnumMap<>(UrlRole.class);
  private boolean migrates;
  private Duration timeout = Duration.ofSeconds(20);

  private DatabaseRun() {}

  static DatabaseRun of(String runtimeUrl) {
    var run = new DatabaseRun();
    run.urls.put(UrlRole.RUNTIME, runtimeUrl);
    return run;
  }

  DatabaseRun direct(String url) {
    urls.put(UrlRole.DIRECT, url);
    return this;
  }

  DatabaseRun read(String url) {
    urls.put(UrlRole.READ, url);
    return this;
  }

  /** The plan has a Job that migrates, by the direct URL if there is one. */
  DatabaseRun migrates() {
    migrates = true;
    return this;
  }

  DatabaseRun timeout(Duration value) {
    timeout = value;
    return this;
  }

  List<CheckResult> answers() {
    List<Check> checks =
        CheckCatalog.preflight().stream()
            .filter(c -> c.info().code().matches("PGC-(10\\d|110|40\\d)"))
            .toList();
    var wanted = checks.stream().flatMap(c -> c.needs().stream()).collect(Collectors.toSet());
    var plan = PlanReader.read(manifests());
    var seen =
        new DatabaseGatherer(
                s -> Fact.known(Optional.ofNullable(urls.get(s.role()))),
                wanted,
                timeout,
                Vantage.HERE)
            .gather(plan);
    var facts = seen.addTo(new Facts(Instant.now(), Map.of()).with(FactKey.PLAN, Fact.known(plan)));
    var answers = CheckRunner.run(checks, facts, Map.of());
    assertNothingSecret(facts.toString() + answers + EveryFormat.of(answers));
    for (var answer : answers) {
      assertFalse(answer.bug().isPresent(), answer::toString);
    }
    return answers;
  }

  /** What did not pass and was not skipped: {@code PGC-106 error}, {@code PGC-102 unknown}. */
  List<String> faults() {
    return answers().stream().flatMap(a -> fault(a).stream()).toList();
  }

  List<Finding> findings(String code) {
    return answers().stream()
        .filter(a -> a.info().code().equals(code))
        .map(CheckResult::outcome)
        .flatMap(o -> o instanceof Outcome.Failed f ? f.findings().stream() : Stream.empty())
        .toList();
  }

  /** The statements of a code's first remedy. */
  List<String> sql(String code) {
    return RealDatabases.sql(findings(code).getFirst().remedy());
  }

  /** The same for a run without faults but with this code's first message. */
  String message(String code) {
    return answers().stream()
        .filter(a -> a.info().code().equals(code))
        .map(CheckResult::outcome)
        .map(o -> o instanceof Outcome.Failed f ? f.findings().getFirst().message() : o.toString())
        .findFirst()
        .orElseThrow();
  }

  private static Optional<String> fault(CheckResult answer) {
    var code = answer.info().code() + " ";
    return switch (answer.outcome()) {
      case Outcome.Failed failed ->
          Optional.of(
              code
                  + (failed.findings().stream().anyMatch(f -> f.severity() == Severity.ERROR)
                      ? "error"
                      : "warning"));
      case Outcome.Unknown unknown -> Optional.of(code + "unknown");
      case Outcome.Passed passed -> Optional.empty();
      case Outcome.Skipped skipped -> Optional.empty();
    };
  }

  private static void assertNothingSecret(String texts) {
    for (var secret :
        List.of(
            Postgres.PASSWORD,
            URLEncoder.encode(Postgres.PASSWORD, StandardCharsets.UTF_8),
            "geheim")) {
      assertFalse(texts.contains(secret), texts);
    }
  }

  private List<HasMetadata> manifests() {
    var variables =
        urls.keySet().stream()
            .map(
                role ->
                    variable(
                        "DATABASE_URL" + (role == UrlRole.RUNTIME ? "" : "_" + role), role.name()))
            .collect(Collectors.joining());
    var migration =
        variable("DATABASE_URL", urls.containsKey(UrlRole.DIRECT) ? "DIRECT" : "RUNTIME");
    return Stream.concat(
            Stream.of(WorkloadManifests.deployment(variables)),
            migrates ? Stream.of(WorkloadManifests.migrations(migration)) : Stream.of())
        .toList();
  }

  private static String variable(String name, String key) {
    return "{name: "
        + name
        + ", valueFrom: {secretKeyRef: {name: postgresql-secret, key: "
        + key
        + "}}},";
  }
}
