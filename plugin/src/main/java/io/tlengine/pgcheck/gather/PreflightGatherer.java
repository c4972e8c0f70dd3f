package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Rendering;
import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.PlanReader;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Brings together all facts of a preflight: renders the chart, then looks everywhere at once. */
public final class PreflightGatherer {

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
    var database = new DatabaseGatherer(new Secrets(cluster, namespace), namespace);
    boolean claims = !plan.claims().isEmpty() && wanted.contains(FactKey.CLAIMS);
    Future<Fact<StorageClasses>> classesSeen;
    Future<Fact<Claims>> claimsSeen;
    Future<DatabaseGatherer.Seen> databaseSeen;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      classesSeen =
          threads.submit(() -> claims ? storage.storageClasses() : Fact.notApplicable(NO_CLAIMS));
      claimsSeen =
          threads.submit(() -> claims ? storage.claims(namespace) : Fact.notApplicable(NO_CLAIMS));
      databaseSeen = threads.submit(() -> database.gather(plan, wanted, timeout));
    }
    return facts
        .with(FactKey.STORAGE_CLASSES, classesSeen.resultNow())
        .with(FactKey.CLAIMS, claimsSeen.resultNow())
        .with(FactKey.SECRET, databaseSeen.resultNow().secret())
        .with(FactKey.URL, databaseSeen.resultNow().url())
        .with(FactKey.CONNECTION, databaseSeen.resultNow().connection());
  }

  private static Facts refused(Facts facts, String cause) {
    var follows = "follows from PGC-801";
    return facts
        .with(FactKey.RENDERING, Fact.known(new Rendering.Refused(cause)))
        .with(FactKey.PLAN, Fact.notApplicable(follows))
        .with(FactKey.SECRET, Fact.notApplicable(follows))
        .with(FactKey.URL, Fact.notApplicable(follows))
        .with(FactKey.CONNECTION, Fact.notApplicable(follows))
        .with(FactKey.STORAGE_CLASSES, Fact.notApplicable(follows))
        .with(FactKey.CLAIMS, Fact.notApplicable(follows));
  }
}
