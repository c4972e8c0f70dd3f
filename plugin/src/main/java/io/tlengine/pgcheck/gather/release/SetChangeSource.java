package io.tlengine.pgcheck.gather.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.fact.SetChanges;
import io.tlengine.pgcheck.fact.SetChanges.FieldChange;
import io.tlengine.pgcheck.fact.SetChanges.SetChange;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether the server lets an upgrade change the sets that exist. A dry-run creation gives the new
 * set with the server's defaults; what differs in a field that never changes is then tried as a
 * dry-run patch, so that the server has the last word.
 */
public final class SetChangeSource implements FactSource {

  /**
   * What may change (Kubernetes, pkg/apis/apps/validation, ValidateStatefulSetUpdate), and
   * minReadySeconds and the like with it: the server is asked only about the rest.
   */
  private static final Set<String> MUTABLE =
      Set.of(
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds");

  private static final int UNPROCESSABLE = 422;

  private static final ApiRight GET = ApiRight.inNamespace("apps", "statefulsets", "get");
  private static final ApiRight CREATE = ApiRight.inNamespace("apps", "statefulsets", "create");
  private static final ApiRight PATCH = ApiRight.inNamespace("apps", "statefulsets", "patch");

  @Override
  public Map<FactKey<?>, Rights> brings() {
    return Map.of(FactKey.SET_CHANGES, Rights.of(GET, CREATE, PATCH));
  }

  @Override
  public Map<FactKey<?>, Rights> brings(Look look) {
    return planned(look).isEmpty() ? Map.of() : brings();
  }

  private static List<StatefulSet> planned(Look look) {
    return look.manifests().stream()
        .filter(StatefulSet.class::isInstance)
        .map(StatefulSet.class::cast)
        .toList();
  }

  @Override
  public Facts gather(Look look) {
    return look.none().with(FactKey.SET_CHANGES, changes(look));
  }

  private static Fact<SetChanges> changes(Look look) {
    var planned = planned(look);
    if (planned.isEmpty()) {
      return Fact.notApplicable("the release makes no StatefulSet");
    }
    var pairs = Reads.fact(GET, look.namespace(), () -> pairs(look, planned));
    return switch (pairs) {
      case Fact.Known<List<Pair>> known when known.value().isEmpty() ->
          Fact.notApplicable("none of the release's StatefulSets exists yet");
      case Fact.Known<List<Pair>> known ->
          Reads.fact(
              "try statefulsets in a dry run in " + look.namespace(),
              Grant.inNamespace(
                  "pgcheck-try-statefulsets",
                  look.namespace(),
                  "--verb=create,patch --resource=statefulsets.apps"),
              () ->
                  new SetChanges(
                      look.namespace(), known.value().stream().map(p -> change(look, p)).toList()));
      case Fact.Unavailable<List<Pair>> gap -> Fact.unavailable(gap.reason(), gap.remedy());
      case Fact.NotApplicable<List<Pair>> none -> Fact.notApplicable(none.reason());
    };
  }

  private record Pair(StatefulSet planned, StatefulSet live) {}

  /** A set of another owner is left alone: that is PGC-809's. */
  private static List<Pair> pairs(Look look, List<StatefulSet> planned) {
    return planned.stream()
        .flatMap(
            p ->
                Stream.ofNullable(
                        look.cluster()
                            .client()
                            .apps()
                            .statefulSets()
                            .inNamespace(look.namespace())
                            .withName(p.getMetadata().getName())
                            .get())
                    .map(live -> new Pair(p, live)))
        .filter(
            p ->
                LiveSetSource.owner(p.live())
                    .filter(o -> !o.equals(look.arguments().release()))
                    .isEmpty())
        .toList();
  }

  private static SetChange change(Look look, Pair pair) {
    var name = pair.planned().getMetadata().getName();
    StatefulSet defaulted;
    try {
      defaulted =
          look.cluster()
              .client()
              .resource(underAnotherName(pair.planned()))
              .inNamespace(look.namespace())
              .dryRun()
              .create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == UNPROCESSABLE || e.getCode() == HttpURLConnection.HTTP_BAD_REQUEST) {
        return new SetChange.NotValid(name, Failure.of(e));
      }
      throw e;
    }
    var json = new ObjectMapper();
    JsonNode before = json.valueToTree(pair.live().getSpec());
    JsonNode after = json.valueToTree(defaulted.getSpec());
    var fields = SpecDifference.between(before, after, MUTABLE);
    return fields.isEmpty() ? new SetChange.Possible(name) : tried(look, pair, after, fields);
  }

  private static StatefulSet underAnotherName(StatefulSet set) {
    return new StatefulSetBuilder(set)
        .editMetadata()
        .withName(null)
        .withGenerateName("pgcheck-")
        .endMetadata()
        .build();
  }

  private static SetChange tried(Look look, Pair pair, JsonNode after, List<FieldChange> fields) {
    var name = pair.planned().getMetadata().getName();
    try {
      look.cluster()
          .client()
          .apps()
          .statefulSets()
          .inNamespace(look.namespace())
          .withName(name)
          .dryRun()
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch(after, fields));
      return new SetChange.Possible(name);
    } catch (KubernetesClientException e) {
      if (e.getCode() != UNPROCESSABLE) {
        throw e;
      }
      var ordinals = pair.live().getSpec().getOrdinals();
      var policy = pair.live().getSpec().getPersistentVolumeClaimRetentionPolicy();
      return new SetChange.Refused(
          name,
          Objects.requireNonNullElse(pair.live().getSpec().getReplicas(), 1),
          ordinals == null ? 0 : Objects.requireNonNullElse(ordinals.getStart(), 0),
          policy != null && "Delete".equals(policy.getWhenDeleted()),
          fields,
          said(e));
    }
  }

  /** Only the fields in question, each as a whole. */
  private static String patch(JsonNode after, List<FieldChange> fields) {
    ObjectNode spec = new ObjectMapper().createObjectNode();
    fields.stream()
        .map(f -> f.path().split("[.\\[]", 2)[0])
        .distinct()
        .forEach(f -> spec.set(f, after.has(f) ? after.get(f) : spec.nullNode()));
    return new ObjectMapper().createObjectNode().set("spec", spec).toString();
  }

  private static String said(KubernetesClientException e) {
    return e.getStatus() == null || e.getStatus().getMessage() == null
        ? Failure.of(e)
        : e.getStatus().getMessage().lines().findFirst().orElse("");
  }
}
