package io.tlengine.pgcheck.gather.install;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.DryRuns;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.ReleaseObjects;
import io.tlengine.pgcheck.fact.ReleaseObjects.ReleaseObject;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.cluster.NamespaceSource;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.gather.source.OrdinaryObjects;
import io.tlengine.pgcheck.gather.source.Parallel;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/**
 * What the API server says to the release's own objects: which exist, whether this user may make
 * them, and whether it would take them. Nothing is made.
 */
public final class InstallSource implements FactSource {

  private static final ApiRight CREATE_PODS = ApiRight.inNamespace("", "pods", "create");

  @Override
  public Map<FactKey<?>, Rights> brings() {
    // The rights to the release's own objects depend on the chart: see rights(Look).
    return Map.of(
        FactKey.RELEASE_OBJECTS, Rights.none(),
        FactKey.INSTALLER_RIGHTS, Rights.none(),
        FactKey.ADMISSION,
            Rights.of(
                CREATE_PODS,
                ApiRight.inNamespace("", "persistentvolumeclaims", "create"),
                ApiRight.inNamespace("", "persistentvolumeclaims", "get")),
        FactKey.DRY_RUNS, Rights.none());
  }

  @Override
  public Map<FactKey<?>, Rights> brings(Look look) {
    boolean claims = look.manifests().stream().anyMatch(o -> !DerivedPods.claims(o).isEmpty());
    return claims ? brings() : Map.of(FactKey.ADMISSION, Rights.of(CREATE_PODS));
  }

  @Override
  public Facts gather(Look look) {
    if (look.newNamespace()) {
      return look.none()
          .with(FactKey.RELEASE_OBJECTS, Fact.notApplicable(NamespaceSource.NEW))
          .with(FactKey.INSTALLER_RIGHTS, Fact.notApplicable(NamespaceSource.NEW))
          .with(FactKey.ADMISSION, Fact.notApplicable(NamespaceSource.NEW))
          .with(FactKey.DRY_RUNS, inNewNamespace(look));
    }
    var discovered =
        Reads.fact("discover the API's kinds", "run again", () -> ApiKinds.discover(look));
    if (!(discovered instanceof Fact.Known<ApiKinds> known)) {
      var gap = (Fact.Unavailable<ApiKinds>) discovered;
      return look.none()
          .with(FactKey.RELEASE_OBJECTS, Fact.unavailable(gap.reason(), gap.remedy()))
          .with(FactKey.INSTALLER_RIGHTS, Fact.unavailable(gap.reason(), gap.remedy()))
          .with(FactKey.ADMISSION, Fact.unavailable(gap.reason(), gap.remedy()))
          .with(FactKey.DRY_RUNS, Fact.unavailable(gap.reason(), gap.remedy()));
    }
    return behind(look, known.value());
  }

  /** Helm makes a namespace only when it is told to. */
  private static Fact<DryRuns> inNewNamespace(Look look) {
    return look.arguments().apply().createNamespace()
        ? Fact.notApplicable(NamespaceSource.NEW)
        : Fact.known(
            new DryRuns(
                look.namespace(),
                List.of(
                    new DryRuns.DryRun(
                        "Namespace/" + look.namespace(),
                        "the namespace",
                        new DryRuns.Answer.NoNamespace()))));
  }

  private static Facts behind(Look look, ApiKinds kinds) {
    var exists = existing(look, kinds);
    var reads = new ArrayList<Callable<UnaryOperator<Facts>>>();
    if (look.wants(FactKey.INSTALLER_RIGHTS)) {
      reads.add(
          () -> {
            var needs = InstallerNeeds.of(look, kinds, exists, serverSideApply(look));
            var rights = AccessReviews.ask(look.cluster(), needs);
            return f -> f.with(FactKey.INSTALLER_RIGHTS, rights);
          });
    }
    if (look.wants(FactKey.ADMISSION)) {
      reads.add(
          () -> {
            var tried = new Admission(look, kinds).tryAll(exists);
            return f -> f.with(FactKey.ADMISSION, Fact.known(new DryRuns(look.namespace(), tried)));
          });
    }
    if (look.wants(FactKey.DRY_RUNS)) {
      reads.add(
          () -> {
            var tried = manifests(look, kinds, exists);
            return f -> f.with(FactKey.DRY_RUNS, Fact.known(new DryRuns(look.namespace(), tried)));
          });
    }
    var facts = look.none().with(FactKey.RELEASE_OBJECTS, Fact.known(objects(look, kinds, exists)));
    for (var add : Parallel.all(reads)) {
      facts = add.apply(facts);
    }
    return facts;
  }

  /** What an install or upgrade with these arguments takes, for {@code --print-rbac}. */
  public static List<ApiRight> rights(Look look) {
    var kinds = ApiKinds.discover(look);
    return InstallerNeeds.of(look, kinds, Map.of(), serverSideApply(look)).stream()
        .map(InstallerNeeds.Need::right)
        .toList();
  }

  /** To do this with the release's own objects, but for hooks; for {@code --print-rbac}. */
  public static List<ApiRight> rightsTo(Look look, String... verbs) {
    var kinds = ApiKinds.discover(look);
    return OrdinaryObjects.of(look).stream()
        .filter(kinds::knows)
        .flatMap(
            o ->
                Arrays.stream(verbs)
                    .map(
                        verb ->
                            new ApiRight(
                                kinds.namespace(o).isEmpty(),
                                ApiKinds.group(o),
                                kinds.resource(o),
                                verb)))
        .distinct()
        .toList();
  }

  /** Helm 4 makes and changes objects by server-side apply; Helm 3 does not. */
  private static boolean serverSideApply(Look look) {
    var version =
        look.helm()
            .run(
                List.of("version", "--template", "{{.Version}}"),
                InputStream.nullInputStream(),
                look.left());
    return !version.out().strip().startsWith("v3.");
  }

  private static Map<HasMetadata, Optional<Boolean>> existing(Look look, ApiKinds kinds) {
    var objects = look.manifests().stream().filter(kinds::knows).toList();
    var answers =
        Parallel.all(
            objects.stream()
                .map(o -> (Callable<Optional<Boolean>>) () -> exists(kinds, o))
                .toList());
    Map<HasMetadata, Optional<Boolean>> exists = new HashMap<>();
    for (int i = 0; i < objects.size(); i++) {
      exists.put(objects.get(i), answers.get(i));
    }
    return exists;
  }

  private static Optional<Boolean> exists(ApiKinds kinds, HasMetadata object) {
    try {
      return Optional.of(kinds.at(object).get() != null);
    } catch (KubernetesClientException e) {
      return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          ? Optional.of(false)
          : Optional.empty();
    }
  }

  private static ReleaseObjects objects(
      Look look, ApiKinds kinds, Map<HasMetadata, Optional<Boolean>> exists) {
    return new ReleaseObjects(
        look.manifests().stream()
            .filter(o -> kinds.knows(o) && !InstallerNeeds.test(o))
            .map(
                o ->
                    new ReleaseObject(
                        o.getKind(),
                        o.getMetadata().getName(),
                        ApiKinds.group(o),
                        kinds.resource(o),
                        kinds.namespace(o),
                        InstallerNeeds.hook(o),
                        exists.getOrDefault(o, Optional.empty())))
            .toList());
  }

  /** Pods and claims are tried by {@link Admission}; hooks are made anew by Helm each time. */
  private static List<DryRuns.DryRun> manifests(
      Look look, ApiKinds kinds, Map<HasMetadata, Optional<Boolean>> exists) {
    var runner = new DryRunner(look, kinds);
    var own = new ReleaseNames(look.manifests());
    return Parallel.all(
        look.manifests().stream()
            .filter(o -> !InstallerNeeds.hook(o))
            .filter(o -> !(o instanceof Pod) && !(o instanceof PersistentVolumeClaim))
            .map(
                o ->
                    (Callable<DryRuns.DryRun>)
                        () ->
                            new DryRuns.DryRun(
                                o.getKind() + "/" + o.getMetadata().getName(),
                                "the manifest",
                                tryManifest(o, runner, kinds, own, exists)))
            .toList());
  }

  private static DryRuns.Answer tryManifest(
      HasMetadata object,
      DryRunner runner,
      ApiKinds kinds,
      ReleaseNames own,
      Map<HasMetadata, Optional<Boolean>> exists) {
    if (!kinds.knows(object)) {
      return own.defines(object)
          ? new DryRuns.Answer.Accepted()
          : new DryRuns.Answer.Undecided(
              "the API server does not know "
                  + object.getKind()
                  + " of "
                  + object.getApiVersion()
                  + "; the chart's folder crds/ may bring it",
              "see whether it does: helm show crds CHART; else install what defines it first");
    }
    if (kinds.namespace(object).filter(own::makesNamespace).isPresent()) {
      return new DryRuns.Answer.Undecided(
          "its namespace is made by the release itself", "make the namespace first");
    }
    return exists.getOrDefault(object, Optional.empty()).orElse(false)
        ? runner.apply(object)
        : runner.create(object);
  }
}
