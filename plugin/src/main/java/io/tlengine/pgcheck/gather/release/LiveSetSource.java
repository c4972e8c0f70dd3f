package io.tlengine.pgcheck.gather.release;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.LiveSets;
import io.tlengine.pgcheck.fact.LiveSets.LiveSet;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.gather.storage.StorageSource;
import io.tlengine.pgcheck.plan.DatabaseSetReader;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The StatefulSets of the plan that exist already, and whose they are. */
public final class LiveSetSource implements FactSource {

  private static final ApiRight GET_SETS = ApiRight.inNamespace("apps", "statefulsets", "get");

  @Override
  public Map<FactKey<?>, Rights> brings() {
    return Map.of(FactKey.LIVE_SETS, Rights.of(GET_SETS));
  }

  @Override
  public Map<FactKey<?>, Rights> brings(Look look) {
    return look.plan().claims().isEmpty() ? Map.of() : brings();
  }

  @Override
  public Facts gather(Look look) {
    if (look.plan().claims().isEmpty()) {
      return look.none().with(FactKey.LIVE_SETS, Fact.notApplicable(StorageSource.NO_CLAIMS));
    }
    return look.none().with(FactKey.LIVE_SETS, sets(look));
  }

  private static Fact<LiveSets> sets(Look look) {
    var gap = look.release().gap();
    if (gap.isPresent()) {
      return gap.get().fact();
    }
    return Reads.fact(
        GET_SETS,
        look.namespace(),
        () ->
            new LiveSets(
                look.arguments().release(),
                look.namespace(),
                look.installed(),
                look.plan().claims().stream()
                    .map(c -> c.set())
                    .distinct()
                    .flatMap(name -> live(look, name))
                    .toList()));
  }

  private static Stream<LiveSet> live(Look look, String name) {
    return Stream.ofNullable(
            look.cluster()
                .client()
                .apps()
                .statefulSets()
                .inNamespace(look.namespace())
                .withName(name)
                .get())
        .map(
            s ->
                new LiveSet(
                    name,
                    owner(s),
                    Objects.requireNonNullElse(s.getSpec().getReplicas(), 1),
                    image(s)));
  }

  /** By its spec, which is what its pods get whether they run or not. */
  static Optional<String> image(StatefulSet set) {
    return DatabaseSetReader.read(set)
        .flatMap(
            database ->
                set.getSpec().getTemplate().getSpec().getContainers().stream()
                    .filter(c -> c.getName().equals(database.container()))
                    .findFirst())
        .flatMap(c -> Optional.ofNullable(c.getImage()));
  }

  static Optional<String> owner(StatefulSet set) {
    Map<String, String> annotations =
        Objects.requireNonNullElse(set.getMetadata().getAnnotations(), Map.of());
    Map<String, String> labels =
        Objects.requireNonNullElse(set.getMetadata().getLabels(), Map.of());
    return Optional.ofNullable(annotations.get("meta.helm.sh/release-name"))
        .or(() -> Optional.ofNullable(labels.get("app.kubernetes.io/instance")));
  }
}
