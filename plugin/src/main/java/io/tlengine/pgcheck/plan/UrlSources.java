package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the containers' references to database URLs, and what each URL is for. */
final class UrlSources {

  private static final String DIRECT = "_DIRECT";
  private static final String READ = "_READ";
  private static final Set<String> END_BY_THEMSELVES = Set.of("Job", "CronJob");

  private UrlSources() {}

  /** The application's own first; each pair of Secret and key once for each role. */
  static List<UrlSource> read(List<HasMetadata> manifests, UrlHints hints) {
    var references = new ArrayList<Reference>();
    for (var object : manifests) {
      PlanReader.containers(object)
          .flatMap(c -> references(object, c, hints))
          .forEach(references::add);
    }
    // What runs for ever says which URL is the application's own.
    references.sort(Comparator.comparing(Reference::job));
    var sources = new ArrayList<UrlSource>();
    hints
        .secret()
        .map(
            name ->
                new UrlSource(
                    UrlRole.RUNTIME,
                    "--database-secret",
                    hints.variableName(),
                    name,
                    hints.keyName()))
        .ifPresent(sources::add);
    for (var reference : references) {
      var source = reference.as(role(reference, sources));
      boolean replaced = source.role() == UrlRole.RUNTIME && hints.secret().isPresent();
      if (!replaced && sources.stream().noneMatch(s -> same(s, source))) {
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

  private static Stream<Reference> references(
      HasMetadata object, Container container, UrlHints hints) {
    var name = hints.variableName();
    var single =
        container.getEnv().stream()
            .filter(e -> Set.of(name, name + DIRECT, name + READ).contains(e.getName()))
            .filter(e -> e.getValueFrom() != null && e.getValueFrom().getSecretKeyRef() != null)
            .map(
                e -> {
                  var ref = e.getValueFrom().getSecretKeyRef();
                  return reference(object, e.getName(), ref.getName(), ref.getKey());
                });
    // A whole Secret as variables says nothing about its keys, so the user must have named one.
    var whole =
        container.getEnvFrom().stream()
            .filter(e -> hints.variable().isPresent() && e.getSecretRef() != null)
            .flatMap(
                e ->
                    key(name, e.getPrefix())
                        .map(k -> reference(object, name, e.getSecretRef().getName(), k)));
    return Stream.concat(single, whole);
  }

  /** The key that becomes this variable behind a prefix. */
  private static Stream<String> key(String variable, @Nullable String prefix) {
    var before = prefix == null ? "" : prefix;
    return variable.startsWith(before)
        ? Stream.of(variable.substring(before.length()))
        : Stream.empty();
  }

  private static Reference reference(
      HasMetadata object, String variable, String secret, String key) {
    return new Reference(
        PlanReader.id(object), END_BY_THEMSELVES.contains(object.getKind()), variable, secret, key);
  }

  private record Reference(
      String workload, boolean job, String variable, String secret, String key) {

    UrlSource as(UrlRole role) {
      return new UrlSource(role, workload, variable, secret, key);
    }
  }
}
