package io.tlengine.pgcheck.check.provider;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.DatabaseFacts.ManagedService;
import io.tlengine.pgcheck.fact.DatabaseFacts.Role;
import io.tlengine.pgcheck.fact.DatabaseFacts.Room;
import io.tlengine.pgcheck.fact.DatabaseFacts.Server;
import io.tlengine.pgcheck.fact.DatabaseFacts.Session;
import io.tlengine.pgcheck.fact.DatabaseFacts.Setting;
import io.tlengine.pgcheck.fact.DatabaseFacts.Text;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Routes;
import io.tlengine.pgcheck.fact.Routes.Pooling;
import io.tlengine.pgcheck.fact.Routes.Route;
import io.tlengine.pgcheck.fact.Upgrade;
import io.tlengine.pgcheck.gather.helm.Manifests;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.plan.NeonHost;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.PlanReader;
import io.tlengine.pgcheck.plan.UrlRole;
import io.tlengine.pgcheck.plan.UrlTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A plan, the way to its database and what that says, each a small change to a healthy one. */
final class Setups {

  static final String NEON = "ep-cool-dawn-a1b2c3d4.eu-central-1.aws.neon.tech";
  static final String NEON_POOLED = "ep-cool-dawn-a1b2c3d4-pooler.eu-central-1.aws.neon.tech";

  static final Pooling NOTHING = new Pooling.None();
  static final Pooling BY_TRANSACTION = new Pooling.ByTransaction(4711);

  private final List<String> manifests = new ArrayList<>();
  private final List<Route> routes = new ArrayList<>();
  private Fact<ConnectionFacts> connection = Fact.known(Situations.connection().facts());
  private Optional<DatabaseFacts> database = Optional.empty();
  private Fact<Upgrade> upgrade = Fact.known(new Upgrade(false));

  static Setups setup() {
    return new Setups();
  }

  /** A Deployment with the application's URL and this environment, as NAME=value. */
  Setups app(int replicas, String... environment) {
    return appWith("", replicas, environment);
  }

  /**
   * @param more of its container, in YAML
   */
  Setups appWith(String more, int replicas, String... environment) {
    manifests.add(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: app}
        spec:
          replicas: %d
          strategy: {rollingUpdate: {maxSurge: 1}}
          template:
            spec:
              containers:
                - name: app
                  image: app:1
                  env:
        %s%s
        """
            .formatted(
                replicas,
                environment("DATABASE_URL", environment).indent(12),
                more.isEmpty() ? "" : more.indent(10)));
    return this;
  }

  /** A Job that is a hook and migrates by this key of the Secret. */
  Setups migrations(String key) {
    manifests.add(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: migrations, annotations: {helm.sh/hook: pre-install}}
        spec:
          template:
            spec:
              containers:
                - name: migrations
                  image: app:1
                  args: [migrate]
                  env:
        %s
        """
            .formatted(environment(key).indent(12)));
    return this;
  }

  Setups cron(String schedule) {
    manifests.add(
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: reports}
        spec:
          schedule: "%s"
          jobTemplate:
            spec:
              template:
                spec:
                  containers:
                    - name: reports
                      image: app:1
                      env:
        %s
        """
            .formatted(schedule, environment("DATABASE_URL").indent(16)));
    return this;
  }

  Setups manifest(String yaml) {
    manifests.add(yaml);
    return this;
  }

  static String environment(String key, String... more) {
    var yaml = new StringBuilder();
    yaml.append("- name: DATABASE_URL\n");
    yaml.append("  valueFrom: {secretKeyRef: {name: postgresql-secret, key: " + key + "}}\n");
    for (var pair : more) {
      int equals = pair.indexOf('=');
      yaml.append("- name: " + pair.substring(0, equals) + "\n");
      yaml.append("  value: \"" + pair.substring(equals + 1) + "\"\n");
    }
    return yaml.toString();
  }

  Setups upgrade() {
    upgrade = Fact.known(new Upgrade(true));
    return this;
  }

  /** Helm may not read its own records. */
  Setups upgradeUnknown() {
    upgrade = Fact.unavailable("secrets is forbidden", "grant list secrets");
    return this;
  }

  Setups connection(Situations.Connection value) {
    connection = Fact.known(value.facts());
    return this;
  }

  /** Nothing is connected to: the release brings this server itself. */
  Setups ownServer(String yaml) {
    connection = Fact.notApplicable("the release brings its own database");
    return manifest(yaml);
  }

  Setups database(DatabaseFacts value) {
    database = Optional.of(value);
    return this;
  }

  /** The application's URL leads to this host, with these parameters. */
  Setups route(Pooling pooling, String host, String parameters) {
    return route(UrlRole.RUNTIME, "DATABASE_URL", pooling, host, parameters);
  }

  Setups route(UrlRole role, String key, Pooling pooling, String host, String parameters) {
    try {
      var url =
          DatabaseUrl.parse(
              "postgresql://app:pw@"
                  + host
                  + "/engine"
                  + (parameters.isEmpty() ? "" : "?" + parameters));
      routes.add(
          new Route(
              role,
              "Secret/postgresql-secret key " + key,
              NeonHost.parse(host),
              UrlTraits.of(url),
              pooling));
    } catch (MalformedUrlException e) {
      throw new IllegalArgumentException(e);
    }
    return this;
  }

  Plan plan() {
    return PlanReader.read(Manifests.parse(String.join("\n---\n", manifests)));
  }

  /** What a check says to it; what was not set was not seen. */
  Outcome judge(Check check) {
    var facts =
        new Facts(Situations.NOW, Map.of())
            .with(FactKey.PLAN, Fact.known(plan()))
            .with(FactKey.CONNECTION, connection)
            .with(FactKey.ROUTES, Fact.known(new Routes(routes)))
            .with(FactKey.UPGRADE, upgrade);
    if (database.isPresent()) {
      facts = facts.with(FactKey.DATABASE_FACTS, Fact.known(database.get()));
    }
    return check.evaluate(facts.view(check.facts()));
  }

  /** A database of a hundred connections, of which nobody has any. */
  static DatabaseFacts database() {
    return database(new Room(100, 3, 0, 0, -1, 0, 0, Map.of()), -1);
  }

  static DatabaseFacts database(Room room, int roleLimit) {
    return facts(room, role(roleLimit, false), Optional.empty(), Map.of(), 8L << 20);
  }

  static DatabaseFacts superuser(Room room, int roleLimit) {
    return facts(room, role(roleLimit, true), Optional.empty(), Map.of(), 8L << 20);
  }

  /** A Neon database of this many megabytes, with this limit. */
  static DatabaseFacts neon(long megabytes, String limit) {
    return facts(
        new Room(104, 3, 4, 0, -1, 0, 0, Map.of()),
        role(-1, false),
        Optional.of(ManagedService.NEON),
        Map.of("neon.max_cluster_size", new Setting(limit, "MB", "configuration file")),
        megabytes << 20);
  }

  private static Role role(int limit, boolean superuser) {
    return new Role(
        "app",
        superuser,
        false,
        limit,
        Optional.empty(),
        false,
        false,
        true,
        Optional.of("public"),
        true);
  }

  private static DatabaseFacts facts(
      Room room,
      Role role,
      Optional<ManagedService> provider,
      Map<String, Setting> settings,
      long bytes) {
    return new DatabaseFacts(
        Situations.SOURCE,
        new Server(170_006, "17.6", Situations.NOW, false, false, provider),
        new Session(4711, true, "engine"),
        role,
        room,
        new Text("UTF8", "C", Optional.empty(), Optional.empty()),
        settings,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        bytes,
        3,
        OptionalLong.empty());
  }
}
