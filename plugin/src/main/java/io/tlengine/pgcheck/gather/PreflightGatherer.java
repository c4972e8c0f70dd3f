package io.tlengine.pgcheck.gather;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.KubernetesServer;
import io.tlengine.pgcheck.fact.Rendering;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.cluster.NamespaceSource;
import io.tlengine.pgcheck.gather.cluster.NodeSource;
import io.tlengine.pgcheck.gather.cluster.PolicySource;
import io.tlengine.pgcheck.gather.database.DatabaseSource;
import io.tlengine.pgcheck.gather.database.SecretValuesSource;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.helm.ChartRenderer;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.gather.helm.HelmArguments;
import io.tlengine.pgcheck.gather.helm.HelmWords;
import io.tlengine.pgcheck.gather.helm.ReleaseStatus;
import io.tlengine.pgcheck.gather.install.InstallSource;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.rbac.Rbac;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.release.FieldConflictSource;
import io.tlengine.pgcheck.gather.release.LiveSetSource;
import io.tlengine.pgcheck.gather.release.ReleasePlan;
import io.tlengine.pgcheck.gather.release.ReleaseSource;
import io.tlengine.pgcheck.gather.release.RenderChangesSource;
import io.tlengine.pgcheck.gather.release.SetChangeSource;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.gather.storage.StorageSource;
import io.tlengine.pgcheck.plan.PlanReader;
import io.tlengine.pgcheck.plan.UrlHints;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Brings together all facts of a preflight: renders the chart, then looks everywhere at once. */
public final class PreflightGatherer {

  /** Everywhere a preflight looks, besides the manifests themselves. */
  private static final List<FactSource> SOURCES =
      List.of(
          new StorageSource(),
          new LiveSetSource(),
          new SetChangeSource(),
          new FieldConflictSource(),
          new DatabaseSource(),
          new SecretValuesSource(),
          new ReleaseSource(),
          new RenderChangesSource(),
          new NamespaceSource(),
          new NodeSource(),
          new PolicySource(),
          new InstallSource());

  /** What --from-cluster and --probe-volume take: no sources of this class, they make objects. */
  private static final Map<FactKey<?>, Rights> BY_SCENARIOS =
      Map.of(
          FactKey.CLUSTER_DNS,
          Rights.of(
              ApiRight.inNamespace("batch", "jobs", "create"),
              ApiRight.inNamespace("batch", "jobs", "delete"),
              ApiRight.inNamespace("", "pods", "list"),
              ApiRight.inNamespace("", "pods", "watch"),
              ApiRight.inNamespace("", "pods/log", "get"),
              ApiRight.inNamespace("", "events", "list"),
              ApiRight.inNamespace("", "events", "watch"),
              ApiRight.inNamespace("", "services", "list"),
              ApiRight.inNamespace("", "serviceaccounts", "get")),
          FactKey.OLD_DATA,
          Rights.of(
              ApiRight.inNamespace("batch", "jobs", "create"),
              ApiRight.inNamespace("batch", "jobs", "delete"),
              ApiRight.inNamespace("", "pods", "list"),
              ApiRight.inNamespace("", "pods", "watch"),
              ApiRight.inNamespace("", "events", "list"),
              ApiRight.inNamespace("", "events", "watch")),
          FactKey.VOLUME_PROBE,
          Rights.of(
              ApiRight.inNamespace("batch", "jobs", "create"),
              Stream.concat(
                      Stream.of(
                          ApiRight.inNamespace("batch", "jobs", "delete"),
                          ApiRight.inNamespace("", "events", "list")),
                      Stream.of("persistentvolumeclaims", "pods")
                          .flatMap(
                              kind ->
                                  Stream.of("create", "get", "list", "watch", "delete")
                                      .map(verb -> ApiRight.inNamespace("", kind, verb))))
                  .toArray(ApiRight[]::new)));

  /** What Helm itself reads: the release's history in Secrets, and whether the namespace exists. */
  private static final List<ApiRight> ALWAYS =
      List.of(
          ApiRight.inNamespace("", "secrets", "list"),
          ApiRight.inNamespace("", "namespaces", "get"));

  /** Of the scenarios those that a release without claims skips. */
  private static final Set<FactKey<?>> OF_CLAIMS = Set.of(FactKey.OLD_DATA, FactKey.VOLUME_PROBE);

  /** What is asked of the objects that the chart makes, so that the rights depend on them. */
  private static final Set<FactKey<?>> OF_THE_OBJECTS =
      Set.of(
          FactKey.RELEASE,
          FactKey.RELEASE_OBJECTS,
          FactKey.INSTALLER_RIGHTS,
          FactKey.DRY_RUNS,
          FactKey.FIELD_CONFLICTS);

  /** Of these what tries out the install itself, and so takes all of its rights. */
  private static final Set<FactKey<?>> OF_THE_INSTALL =
      Set.of(FactKey.RELEASE_OBJECTS, FactKey.INSTALLER_RIGHTS, FactKey.DRY_RUNS);

  private final Helm helm;
  private final Cluster cluster;
  private final String namespace;

  public PreflightGatherer(Helm helm, Cluster cluster, String namespace) {
    this.helm = helm;
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** The smallest Role and ClusterRole that are needed to bring these facts, as YAML. */
  public static String rbac(Set<FactKey<?>> wanted, String namespace) {
    return Rbac.yaml(rights(wanted), namespace);
  }

  /** The same for one release: with what its install itself takes, which the checks try out. */
  public String rbac(
      HelmArguments arguments,
      ReleaseStatus release,
      Set<FactKey<?>> wanted,
      InputStream input,
      Duration timeout) {
    var started = Instant.now();
    var renderer =
        new ChartRenderer(
            helm, arguments, namespace, cluster.version(), release.installed(arguments), input);
    var rendered = renderer.render(timeout);
    if (rendered.code() != 0) {
      refuseUsage(rendered, arguments);
      throw new GatherException(GatherException.Kind.USAGE, rendered.cause());
    }
    var manifests = cluster.parse(rendered.out());
    var look =
        new Look(
            cluster,
            helm,
            namespace,
            arguments,
            release,
            false,
            renderer,
            manifests,
            PlanReader.read(manifests),
            wanted,
            started,
            started.plus(timeout));
    var others = new HashSet<>(wanted);
    others.removeAll(OF_THE_OBJECTS);
    var rights = new ArrayList<>(ALWAYS);
    SOURCES.forEach(source -> rights.addAll(rights(source.brings(look), others)));
    if (look.plan().claims().isEmpty()) {
      others.removeAll(OF_CLAIMS);
    }
    rights.addAll(rights(BY_SCENARIOS, others));
    if (wanted.stream().anyMatch(OF_THE_INSTALL::contains)) {
      rights.addAll(InstallSource.rights(look));
    }
    if (wanted.contains(FactKey.RELEASE)) {
      rights.addAll(InstallSource.rightsTo(look, "get"));
    }
    if (wanted.contains(FactKey.FIELD_CONFLICTS)) {
      // The other owner's value is read where there is a conflict.
      rights.addAll(InstallSource.rightsTo(look, "get", "patch"));
    }
    return Rbac.yaml(rights, namespace);
  }

  private static List<ApiRight> rights(Set<FactKey<?>> wanted) {
    var rights = new ArrayList<>(ALWAYS);
    SOURCES.forEach(source -> rights.addAll(rights(source.brings(), wanted)));
    rights.addAll(rights(BY_SCENARIOS, wanted));
    return rights;
  }

  private static List<ApiRight> rights(Map<FactKey<?>, Rights> brought, Set<FactKey<?>> wanted) {
    return brought.entrySet().stream()
        .filter(e -> wanted.contains(e.getKey()))
        .flatMap(e -> e.getValue().all().stream())
        .toList();
  }

  /**
   * @param arguments release, chart and Helm's own flags, as for {@code helm install}
   * @param release what Helm knows of it
   * @param hints where a chart that is not ours has its database URL
   * @param wanted the facts that the chosen checks need; others are not looked for
   * @param input for {@code -f -}
   * @throws GatherException USAGE when no container has the variable that the hints name
   */
  public Facts gather(
      HelmArguments arguments,
      ReleaseStatus release,
      UrlHints hints,
      Set<FactKey<?>> wanted,
      InputStream input,
      Duration timeout) {
    var started = Instant.now();
    var deadline = started.plus(timeout);
    var unborn = CompletableFuture.supplyAsync(this::newNamespace, Thread.ofVirtual()::start);
    var facts =
        new Facts(started, Map.of())
            .with(FactKey.KUBERNETES, Fact.known(new KubernetesServer(cluster.version())))
            .with(FactKey.INSTALL_COMMAND, Fact.known(arguments.command(namespace)));
    var renderer =
        new ChartRenderer(
            helm, arguments, namespace, cluster.version(), release.installed(arguments), input);
    var rendered = renderer.render(Duration.between(Instant.now(), deadline));
    if (rendered.code() != 0) {
      refuseUsage(rendered, arguments);
      return refused(facts, wanted, rendered.cause());
    }
    List<HasMetadata> manifests;
    try {
      manifests = cluster.parse(rendered.out());
    } catch (GatherException e) {
      return refused(facts, wanted, e.getMessage());
    }
    var plan = ReleasePlan.read(manifests, hints);
    facts =
        facts
            .with(FactKey.RENDERING, Fact.known(new Rendering.Rendered(manifests.size())))
            .with(FactKey.PLAN, Fact.known(plan));
    return look(
        facts,
        new Look(
            cluster,
            helm,
            namespace,
            arguments,
            release,
            unborn.join(),
            renderer,
            manifests,
            plan,
            wanted,
            started,
            deadline));
  }

  /** Who may not look at the namespace works in one that exists. */
  private boolean newNamespace() {
    try {
      return cluster.client().namespaces().withName(namespace).get() == null;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  private static Facts look(Facts facts, Look look) {
    List<Future<Facts>> answers;
    // Closing the executor waits for all of them.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      answers =
          SOURCES.stream()
              .filter(s -> s.brings().keySet().stream().anyMatch(look::wants))
              .map(s -> threads.submit(() -> gathered(s, look)))
              .toList();
    }
    for (var answer : answers) {
      facts = facts.withAll(answer.resultNow());
    }
    return facts;
  }

  /** A helm that does not end in time is the end of what one source brings, not of the run. */
  private static Facts gathered(FactSource source, Look look) {
    try {
      return source.gather(look);
    } catch (GatherException e) {
      var facts = look.none();
      for (var key : source.brings().keySet()) {
        facts =
            facts.with(
                key, Fact.unavailable(e.reason(), e.remedy().isEmpty() ? "run again" : e.remedy()));
      }
      return facts;
    }
  }

  /** A chart, a file or a name that is none is no finding about the values. */
  private static void refuseUsage(Helm.Result rendered, HelmArguments arguments) {
    var usage = HelmWords.usage(rendered.cause(), arguments);
    if (usage.isPresent()) {
      throw new GatherException(GatherException.Kind.USAGE, usage.get());
    }
  }

  /** Nothing was rendered, so there is nothing to look for. */
  private static Facts refused(Facts facts, Set<FactKey<?>> wanted, String cause) {
    var rendering = new Rendering.Refused(cause);
    var follows =
        "follows from "
            + (rendering.wantedKubernetes().isPresent() ? "PGC-301" : "PGC-801")
            // Who did not choose the code that has Helm's words is to read them all the same.
            + (wanted.contains(FactKey.RENDERING) ? "" : ": " + cause);
    for (var key : wanted) {
      if (!key.equals(FactKey.KUBERNETES) && !key.equals(FactKey.INSTALL_COMMAND)) {
        facts = facts.with(key, Fact.notApplicable(follows));
      }
    }
    return facts.with(FactKey.RENDERING, Fact.known(rendering));
  }
}
