package io.tlengine.pgcheck.gather.database;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Upgrade;
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
 * What preflight makes of a plan's URLs, from the Secret's texts to the answers: every check that
 * they are enough for, in one run.
 */
final class DatabaseRun {

  /** Without it nobody knows how many connections the plan needs. */
  private static final String POOL = "{name: POOL_MAX_SIZE, value: '2'},";

  private final Map<UrlRole, String> urls = new EnumMap<>(UrlRole.class);
  private Instant now = Instant.now();
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

  /** The day of the look, for what time changes. */
  DatabaseRun at(Instant day) {
    now = day;
    return this;
  }

  DatabaseRun timeout(Duration value) {
    timeout = value;
    return this;
  }

  List<CheckResult> answers() {
    var plan = PlanReader.read(manifests());
    var seen =
        new DatabaseGatherer(
                s -> Fact.known(Optional.ofNullable(urls.get(s.role()))),
                DatabaseChecks.SEEN,
                timeout,
                Vantage.HERE)
            .gather(plan);
    var facts =
        seen.addTo(
            new Facts(now, Map.of())
                .with(FactKey.PLAN, Fact.known(plan))
                .with(FactKey.UPGRADE, Fact.known(new Upgrade(false))));
    var answers = CheckRunner.run(DatabaseChecks.all(), facts, Map.of());
    assertNothingSecret(facts.toString() + answers + EveryFormat.of(answers));
    for (var answer : answers) {
      assertFalse(answer.bug().isPresent(), answer::toString);
    }
    return answers;
  }

  List<String> faults() {
    return DatabaseChecks.faults(answers());
  }

  /** This fault and no other, with a remedy and these words of what was seen. */
  void assertAlone(String fault, String... words) {
    DatabaseChecks.assertAlone(fault, answers(), words);
  }

  List<Finding> findings(String code) {
    return DatabaseChecks.findings(answers(), code);
  }

  /** The statements of a code's first remedy. */
  List<String> sql(String code) {
    return RealDatabases.sql(findings(code).getFirst().remedy());
  }

  /** The code's first message, or what it says instead of one. */
  String message(String code) {
    var outcome = DatabaseChecks.outcome(answers(), code);
    return outcome instanceof Outcome.Failed f
        ? f.findings().getFirst().message()
        : outcome.toString();
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
            Stream.of(WorkloadManifests.deployment(variables + POOL)),
            migrates ? Stream.of(WorkloadManifests.migrations(migration + POOL)) : Stream.of())
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
