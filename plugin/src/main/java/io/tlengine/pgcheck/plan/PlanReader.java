package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Plan.NeededSecret;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import io.tlengine.pgcheck.plan.Plan.PlannedObject;
import io.tlengine.pgcheck.plan.Plan.PlannedService;
import io.tlengine.pgcheck.plan.Plan.UrlPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Derives the plan from rendered manifests; works on any chart, knows no values. */
public final class PlanReader {

  /** The variable that an application reads its database URL from. */
  public static final String URL_VARIABLE = "DATABASE_URL";

  /** Set by charts/tl-engine on the sets of the replicated topology. */
  public static final String ROLE_ANNOTATION = "pgcheck.io/role";

  /** Its value on a set of copies. */
  public static final String STANDBY = "standby";

  private PlanReader() {}

  public static Plan read(List<HasMetadata> manifests) {
    return read(manifests, UrlHints.NONE);
  }

  /** With a Secret of the user's, the database is outside whatever else the chart runs. */
  public static Plan read(List<HasMetadata> manifests, UrlHints hints) {
    var statefulSets =
        manifests.stream()
            .filter(StatefulSet.class::isInstance)
            .map(StatefulSet.class::cast)
            .toList();
    var sets =
        statefulSets.stream()
            .filter(s -> !standby(s))
            .flatMap(s -> DatabaseSetReader.read(s).stream())
            .map(WithoutSecrets::of)
            .toList();
    var urlSources = UrlSources.read(manifests, hints);
    var mode =
        !sets.isEmpty() && hints.secret().isEmpty()
            ? DatabaseMode.STATEFULSET
            : !urlSources.isEmpty() ? DatabaseMode.EXTERNAL : DatabaseMode.NONE;
    return new Plan(
        mode,
        urlSources,
        sets,
        statefulSets.stream().flatMap(s -> claims(s).stream()).toList(),
        secrets(manifests, hints),
        WorkloadReader.read(manifests),
        manifests.stream().map(PlanReader::object).toList(),
        manifests.stream()
            .filter(Service.class::isInstance)
            .map(s -> service((Service) s))
            .toList(),
        manifests.stream().flatMap(PlanReader::composed).distinct().toList(),
        PlannedServer.read(manifests, sets));
  }

  /**
   * A set of standbys holds copies: nothing can be written there, so it is no database of its own.
   */
  private static boolean standby(StatefulSet set) {
    var annotations = set.getMetadata().getAnnotations();
    return annotations != null && STANDBY.equals(annotations.get(ROLE_ANNOTATION));
  }

  private static List<PlannedClaim> claims(StatefulSet set) {
    var spec = set.getSpec();
    int replicas = spec.getReplicas() == null ? 1 : spec.getReplicas();
    var ordinals = spec.getOrdinals();
    int first = ordinals == null || ordinals.getStart() == null ? 0 : ordinals.getStart();
    var claims = new ArrayList<PlannedClaim>();
    for (var template : spec.getVolumeClaimTemplates()) {
      var resources = template.getSpec().getResources();
      var request = resources == null ? null : resources.getRequests().get("storage");
      for (int ordinal = first; ordinal < first + replicas; ordinal++) {
        claims.add(
            new PlannedClaim(
                set.getMetadata().getName(),
                template.getMetadata().getName()
                    + "-"
                    + set.getMetadata().getName()
                    + "-"
                    + ordinal,
                Optional.ofNullable(template.getSpec().getStorageClassName()),
                request == null ? "" : request.toString(),
                template.getSpec().getAccessModes()));
      }
    }
    return claims;
  }

  private static PlannedObject object(HasMetadata object) {
    return new PlannedObject(
        object.getKind(), object.getMetadata().getName(), WorkloadReader.hook(object));
  }

  private static PlannedService service(Service service) {
    var spec = service.getSpec();
    return new PlannedService(
        service.getMetadata().getName(),
        "None".equals(spec.getClusterIP()),
        spec.getSelector() == null ? Map.of() : spec.getSelector());
  }

  /** The Secret keys behind the variables that another variable's URL refers to. */
  private static Stream<UrlPart> composed(HasMetadata object) {
    return containers(object)
        .flatMap(
            c ->
                c.getEnv().stream()
                    .filter(e -> e.getValue() != null && e.getValue().contains("://"))
                    .flatMap(e -> composed(object, c, e)));
  }

  private static Stream<UrlPart> composed(HasMetadata object, Container container, EnvVar url) {
    return container.getEnv().stream()
        .filter(e -> url.getValue().contains("$(" + e.getName() + ")"))
        .filter(e -> e.getValueFrom() != null && e.getValueFrom().getSecretKeyRef() != null)
        .map(e -> e.getValueFrom().getSecretKeyRef())
        .map(ref -> new UrlPart(id(object), url.getName(), ref.getName(), ref.getKey()));
  }

  private static List<NeededSecret> secrets(List<HasMetadata> manifests, UrlHints hints) {
    Map<String, Set<String>> keysByName = new TreeMap<>();
    hints.secret().ifPresent(name -> keysByName.put(name, new TreeSet<>(Set.of(hints.keyName()))));
    manifests.stream()
        .flatMap(PlanReader::containers)
        .flatMap(c -> c.getEnv().stream())
        .filter(e -> e.getValueFrom() != null && e.getValueFrom().getSecretKeyRef() != null)
        .map(e -> e.getValueFrom().getSecretKeyRef())
        .filter(ref -> !Boolean.TRUE.equals(ref.getOptional()))
        .forEach(
            ref ->
                keysByName
                    .computeIfAbsent(ref.getName(), name -> new TreeSet<>())
                    .add(ref.getKey()));
    var rendered =
        manifests.stream()
            .filter(Secret.class::isInstance)
            .map(s -> s.getMetadata().getName())
            .collect(Collectors.toSet());
    return keysByName.entrySet().stream()
        .map(
            e ->
                new NeededSecret(
                    e.getKey(), List.copyOf(e.getValue()), rendered.contains(e.getKey())))
        .toList();
  }

  static Stream<Container> containers(HasMetadata object) {
    Optional<PodTemplateSpec> template =
        switch (object) {
          case Deployment d -> Optional.of(d.getSpec().getTemplate());
          case StatefulSet s -> Optional.of(s.getSpec().getTemplate());
          case DaemonSet d -> Optional.of(d.getSpec().getTemplate());
          case Job j -> Optional.of(j.getSpec().getTemplate());
          case CronJob c -> Optional.of(c.getSpec().getJobTemplate().getSpec().getTemplate());
          default -> Optional.empty();
        };
    return template.stream()
        .flatMap(
            t ->
                Stream.concat(
                    t.getSpec().getInitContainers().stream(),
                    t.getSpec().getContainers().stream()));
  }

  static String id(HasMetadata object) {
    return object.getKind() + "/" + object.getMetadata().getName();
  }
}
