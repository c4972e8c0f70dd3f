package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Rendering;
import io.tlengine.pgcheck.fact.SecretFacts;
import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Plan.NeededSecret;
import io.tlengine.pgcheck.plan.PlanReader;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Brings together all facts of a preflight: renders the chart, then looks everywhere at once. */
public final class PreflightGatherer {

  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(15);

  private static final String NO_CLAIMS = "the release makes no claims";

  /** Behind "template RELEASE CHART": the values of the release come before the user's. */
  private static final int FIRST_FLAG = 3;

  private final Helm helm;
  private final Cluster cluster;
  private final String namespace;

  public PreflightGatherer(Helm helm, Cluster cluster, String namespace) {
    this.helm = helm;
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /**
   * @param arguments release, chart and Helm's own flags, as for {@code helm install}
   * @param wanted the facts that the chosen checks need; others are not looked for
   * @param input for {@code -f -}
   */
  public Facts gather(
      HelmArguments arguments, Set<FactKey<?>> wanted, InputStream input, Duration timeout) {
    var facts = new Facts(Instant.now(), Map.of());
    var rendered = render(arguments, input, timeout);
    if (rendered.code() != 0) {
      return refused(facts, rendered.cause());
    }
    var manifests = Manifests.parse(rendered.out());
    var plan = PlanReader.read(manifests);
    facts =
        facts
            .with(FactKey.RENDERING, Fact.known(new Rendering.Rendered(manifests.size())))
            .with(FactKey.PLAN, Fact.known(plan));
    return look(facts, plan, wanted, timeout);
  }

  private Helm.Result render(HelmArguments arguments, InputStream input, Duration timeout) {
    var release = arguments.release();
    boolean installed =
        helm.run(List.of("status", release), InputStream.nullInputStream(), timeout).code() == 0;
    var line = arguments.template(namespace, cluster.version(), installed);
    var stdin = arguments.readsStandardInput() ? input : InputStream.nullInputStream();
    if (!arguments.reuseValues() || !installed) {
      return helm.run(line, stdin, timeout);
    }
    var values =
        helm.run(
            List.of("get", "values", release, "--output", "yaml"),
            InputStream.nullInputStream(),
            timeout);
    if (values.code() != 0) {
      return values;
    }
    // Values may hold passwords: a file that only we can read, gone again right after.
    try (var file = PrivateFile.holding(values.out())) {
      line.addAll(FIRST_FLAG, List.of("--values", file.path()));
      return helm.run(line, stdin, timeout);
    }
  }

  private Facts look(Facts facts, Plan plan, Set<FactKey<?>> wanted, Duration timeout) {
    var storage = new StorageGatherer(cluster);
    boolean claims = !plan.claims().isEmpty() && wanted.contains(FactKey.CLAIMS);
    Future<Fact<StorageClasses>> classesSeen;
    Future<Fact<Claims>> claimsSeen;
    Future<SecretAndConnection> connectionSeen;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      classesSeen =
          threads.submit(() -> claims ? storage.storageClasses() : Fact.notApplicable(NO_CLAIMS));
      claimsSeen =
          threads.submit(() -> claims ? storage.claims(namespace) : Fact.notApplicable(NO_CLAIMS));
      boolean connect = wanted.contains(FactKey.CONNECTION);
      connectionSeen = threads.submit(() -> connection(plan, connect, timeout));
    }
    return facts
        .with(FactKey.STORAGE_CLASSES, classesSeen.resultNow())
        .with(FactKey.CLAIMS, claimsSeen.resultNow())
        .with(FactKey.SECRET, connectionSeen.resultNow().secret())
        .with(FactKey.CONNECTION, connectionSeen.resultNow().connection());
  }

  private record SecretAndConnection(Fact<SecretFacts> secret, Fact<ConnectionFacts> connection) {}

  private SecretAndConnection connection(Plan plan, boolean connect, Duration timeout) {
    // The credentials' Secret: the URL's in external mode, else the first that is referred to.
    var needed =
        plan.secrets().stream()
            .filter(
                s ->
                    plan.mode() != DatabaseMode.EXTERNAL
                        || plan.urlSource().filter(u -> u.secret().equals(s.name())).isPresent())
            .findFirst();
    if (needed.isEmpty()) {
      return new SecretAndConnection(
          Fact.notApplicable("no container refers to a Secret"),
          Fact.notApplicable("the release takes no database URL from a Secret"));
    }
    Fact<Optional<Map<String, String>>> read =
        new Secrets(cluster, namespace).secret(needed.get().name());
    return switch (read) {
      case Fact.Unavailable<Optional<Map<String, String>>> gap ->
          new SecretAndConnection(
              Fact.unavailable(gap.reason(), gap.remedy()),
              Fact.unavailable(gap.reason(), gap.remedy()));
      case Fact.NotApplicable<Optional<Map<String, String>>> none ->
          new SecretAndConnection(
              Fact.notApplicable(none.reason()), Fact.notApplicable(none.reason()));
      case Fact.Known<Optional<Map<String, String>>> known ->
          new SecretAndConnection(
              Fact.known(describe(needed.get(), known.value())),
              connect
                  ? connection(plan, known.value().orElse(Map.of()), timeout)
                  : Fact.notApplicable("not wanted"));
    };
  }

  private SecretFacts describe(NeededSecret needed, Optional<Map<String, String>> values) {
    return new SecretFacts(
        namespace,
        needed.name(),
        values.isPresent(),
        values.map(Map::keySet).orElse(Set.of()),
        Set.copyOf(needed.keys()),
        needed.renderedByChart());
  }

  private static Fact<ConnectionFacts> connection(
      Plan plan, Map<String, String> secret, Duration timeout) {
    if (plan.mode() == DatabaseMode.STATEFULSET) {
      return Fact.notApplicable("the release brings its own database");
    }
    var source = plan.urlSource();
    if (source.isEmpty()) {
      return Fact.notApplicable("the release takes no database URL from a Secret");
    }
    var where = "Secret/" + source.get().secret() + " key " + source.get().key();
    var text = secret.get(source.get().key());
    if (text == null) {
      return Fact.notApplicable("follows from PGC-802");
    }
    try {
      var loginTimeout = timeout.compareTo(LOGIN_TIMEOUT) < 0 ? timeout : LOGIN_TIMEOUT;
      return Fact.known(
          new ConnectionGatherer(loginTimeout).gather(DatabaseUrl.parse(text), where));
    } catch (MalformedUrlException e) {
      return Fact.unavailable(
          where + " holds no usable URL: " + e.getMessage(),
          "write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=require, each part"
              + " percent-encoded");
    }
  }

  private static Facts refused(Facts facts, String cause) {
    var follows = "follows from PGC-801";
    return facts
        .with(FactKey.RENDERING, Fact.known(new Rendering.Refused(cause)))
        .with(FactKey.PLAN, Fact.notApplicable(follows))
        .with(FactKey.SECRET, Fact.notApplicable(follows))
        .with(FactKey.CONNECTION, Fact.notApplicable(follows))
        .with(FactKey.STORAGE_CLASSES, Fact.notApplicable(follows))
        .with(FactKey.CLAIMS, Fact.notApplicable(follows));
  }
}
