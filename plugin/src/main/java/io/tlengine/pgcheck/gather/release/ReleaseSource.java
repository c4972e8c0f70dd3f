package io.tlengine.pgcheck.gather.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.ReleaseFacts;
import io.tlengine.pgcheck.fact.ReleaseFacts.TakenName;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.helm.ReleaseStatus;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.gather.source.OrdinaryObjects;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of the Helm release, and who owns what exists under its objects' names. Helm takes over
 * an object only with its own label and annotations for the same release.
 */
public final class ReleaseSource implements FactSource {

  private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  private static final String RELEASE_NAME = "meta.helm.sh/release-name";
  private static final String RELEASE_NAMESPACE = "meta.helm.sh/release-namespace";
  private static final String ARGO_CD = "argocd.argoproj.io/tracking-id";

  @Override
  public Map<FactKey<?>, Rights> brings() {
    var reads = new ArrayList<>(OrdinaryObjects.rights("get"));
    reads.add(ApiRight.inNamespace("", "persistentvolumeclaims", "get"));
    return Map.of(
        FactKey.RELEASE, new Rights(reads), FactKey.UPGRADE, Rights.of(ReleaseStatus.LIST_SECRETS));
  }

  @Override
  public Facts gather(Look look) {
    var facts = look.none().with(FactKey.UPGRADE, look.release().upgrade());
    return look.wants(FactKey.RELEASE) ? facts.with(FactKey.RELEASE, release(look)) : facts;
  }

  private static Fact<ReleaseFacts> release(Look look) {
    var gap = look.release().gap();
    if (gap.isPresent()) {
      return gap.get().fact();
    }
    var status = look.release().result();
    var root = status.code() == 0 ? json(status.out()) : Optional.<JsonNode>empty();
    return Reads.fact(
        "get the objects of the release in " + look.namespace(),
        "helm pgcheck preflight --print-rbac prints the Role that it takes",
        () ->
            new ReleaseFacts(
                root.isPresent(),
                root.map(r -> r.at("/info/status").asText("")).orElse(""),
                root.map(r -> r.at("/version").asInt(0)).orElse(0),
                root.filter(ReleaseSource::hangs).map(r -> backTo(look)).orElse(0),
                taken(look)));
  }

  private static List<TakenName> taken(Look look) {
    return look.arguments().apply().takeOwnership()
        ? List.of()
        : OrdinaryObjects.each(
            OrdinaryObjects.of(look), object -> taken(look, object).stream().toList());
  }

  private static boolean hangs(JsonNode status) {
    return status.at("/info/status").asText("").startsWith("pending-");
  }

  /** 0 when Helm does not tell: its history is no place where nothing ever ran. */
  private static int backTo(Look look) {
    var history =
        look.helm()
            .run(
                List.of(
                    "history",
                    look.arguments().release(),
                    "--namespace",
                    look.namespace(),
                    "--output",
                    "json"),
                InputStream.nullInputStream(),
                look.left());
    return history.code() == 0 ? json(history.out()).map(ReleaseSource::backTo).orElse(0) : 0;
  }

  /**
   * The deployed one goes before older ones, and one that failed is better than none: a first
   * install that ran out of its --wait may well serve data.
   */
  static int backTo(JsonNode history) {
    for (var status : List.of("deployed", "superseded", "failed")) {
      int last = 0;
      for (var revision : history) {
        if (revision.path("status").asText().equals(status)) {
          last = Math.max(last, revision.path("revision").asInt());
        }
      }
      if (last > 0) {
        return last;
      }
    }
    return 0;
  }

  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(new ObjectMapper().readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("helm wrote no JSON", e);
    }
  }

  private static Optional<TakenName> taken(Look look, HasMetadata manifest) {
    HasMetadata live;
    try {
      live = look.cluster().client().resource(manifest).inNamespace(look.namespace()).get();
    } catch (KubernetesClientException e) {
      // A kind that the cluster does not know yet comes with the chart.
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
    return live == null ? Optional.empty() : stranger(look, live);
  }

  private static Optional<TakenName> stranger(Look look, HasMetadata live) {
    var annotations = annotations(live);
    var labels = live.getMetadata().getLabels();
    var release = annotations.get(RELEASE_NAME);
    var namespace = annotations.get(RELEASE_NAMESPACE);
    boolean helms = labels != null && "Helm".equals(labels.get(MANAGED_BY));
    if (helms && look.arguments().release().equals(release) && look.namespace().equals(namespace)) {
      return Optional.empty();
    }
    boolean argo = annotations.containsKey(ARGO_CD);
    var owner =
        release != null
            ? "the release " + namespace + "/" + release
            : argo ? "Argo CD" : "no Helm release";
    return Optional.of(new TakenName(live.getKind(), live.getMetadata().getName(), owner, argo));
  }

  private static Map<String, String> annotations(HasMetadata object) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }
}
