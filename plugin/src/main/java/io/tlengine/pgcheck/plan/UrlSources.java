package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the containers' references to database URLs, and what each URL is for. */
final class UrlSources {

  private static final String DIRECT = "_DIRECT";
  private static final String READ = "_READ";
  private static final Set<String> END_BY_THEMSELVES = Set.of("Job", "CronJob");

  private UrlSources() {}

  /** The application's own first; each pair of Secret and key once for each role. */
  static List<UrlSource> read(List<HasMetadata> manifests) {
    var references = new ArrayList<Reference>();
    for (var object : manifests) {
      PlanReader.containers(object)
          .flatMap(c -> c.getEnv().stream())
          .flatMap(e -> reference(object, e).stream())
          .forEach(references::add);
    }
    // What runs for ever says which URL is the application's own.
    references.sort(Comparator.comparing(Reference::job));
    var sources = new ArrayList<UrlSource>();
    for (var reference : references) {
      var source = reference.as(role(reference, sources));
      if (sources.stream().noneMatch(s -> same(s, source))) {
        sources.add(source);
      }
    }
    sources.sort(Comparator.comparing(UrlSource::role));
    return sources;
  }

  /** A Job that takes another key under the application's variable has the URL for migrations. */
  private static UrlRole role(Reference reference, List<UrlSource> before) {
    if (reference.variable().endsWith(DIRECT)) {
      return UrlRole.DIRECT;
    }
    if (reference.variable().endsWith(READ)) {
      return UrlRole.READ;
    }
    boolean another =
        before.stream()
            .filter(s -> s.role() == UrlRole.RUNTIME)
            .anyMatch(
                s -> !s.secret().equals(reference.secret()) || !s.key().equals(reference.key()));
    return reference.job() && another ? UrlRole.DIRECT : UrlRole.RUNTIME;
  }

  private static boolean same(UrlSource a, UrlSource b) {
    return a.role() == b.role() && a.secret().equals(b.secret()) && a.key().equals(b.key());
  }

  private static Optional<Reference> reference(HasMetadata object, EnvVar variable) {
    var name = variable.getName();
    boolean wanted =
        name.equals(PlanReader.URL_VARIABLE)
            || name.equals(PlanReader.URL_VARIABLE + DIRECT)
            || name.equals(PlanReader.URL_VARIABLE + READ);
    if (!wanted
        || variable.getValueFrom() == null
        || variable.getValueFrom().getSecretKeyRef() == null) {
      return Optional.empty();
    }
    var ref = variable.getValueFrom().getSecretKeyRef();
    return Optional.of(
        new Reference(
            PlanReader.id(object),
            END_BY_THEMSELVES.contains(object.getKind()),
            name,
            ref.getName(),
            ref.getKey()));
  }

  private record Reference(
      String workload, boolean job, String variable, String secret, String key) {

    UrlSource as(UrlRole role) {
      return new UrlSource(role, workload, variable, secret, key);
    }
  }
}
