package io.tlengine.pgcheck.gather.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.FieldConflicts;
import io.tlengine.pgcheck.fact.FieldConflicts.FieldConflict;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.gather.source.OrdinaryObjects;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Tries what Helm 4 does at an upgrade: a server-side apply of each object as the manager "helm",
 * without force, as a dry run. Helm takes the way of the release's last revision (helm get
 * metadata, applyMethod) unless --server-side says otherwise.
 */
public final class FieldConflictSource implements FactSource {

  /** Helm 4, cmd/helm/helm.go. */
  private static final String MANAGER = "helm";

  private static final String NOT_SHOWN = "(not shown)";
  private static final Pattern OWNER = Pattern.compile("conflict with \"([^\"]+)\"");
  private static final Pattern PLAIN_PATH = Pattern.compile("(\\.[A-Za-z0-9]+)+");

  @Override
  public Map<FactKey<?>, Rights> brings() {
    return Map.of(FactKey.FIELD_CONFLICTS, new Rights(OrdinaryObjects.rights("patch")));
  }

  @Override
  public Facts gather(Look look) {
    return look.none().with(FactKey.FIELD_CONFLICTS, conflicts(look));
  }

  private static Fact<FieldConflicts> conflicts(Look look) {
    var gap = look.release().gap();
    if (gap.isPresent()) {
      return gap.get().fact();
    }
    if (!look.installed()) {
      return Fact.notApplicable("no upgrade");
    }
    var apply = look.arguments().apply();
    if (apply.forceConflicts()) {
      return Fact.notApplicable("--force-conflicts takes the fields over");
    }
    boolean serverSide =
        switch (apply.serverSide()) {
          case "true" -> true;
          case "false" -> false;
          default -> lastRevisionWasServerSide(look);
        };
    if (!serverSide) {
      return Fact.notApplicable("this upgrade does not use server-side apply");
    }
    return Reads.fact(
        "try the release's objects in a dry run (patch) in " + look.namespace(),
        "helm pgcheck preflight --print-rbac prints the Role that it takes",
        () -> tried(look));
  }

  /** Helm 3 does not know the word, and always patches from the client's side. */
  private static boolean lastRevisionWasServerSide(Look look) {
    var metadata =
        look.helm()
            .run(
                List.of(
                    "get",
                    "metadata",
                    look.arguments().release(),
                    "--namespace",
                    look.namespace(),
                    "--output",
                    "json"),
                InputStream.nullInputStream(),
                look.left());
    if (metadata.code() != 0) {
      return false;
    }
    try {
      return new ObjectMapper().readTree(metadata.out()).path("applyMethod").asText().equals("ssa");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("helm get metadata wrote no JSON", e);
    }
  }

  private static FieldConflicts tried(Look look) {
    var objects = OrdinaryObjects.of(look);
    return new FieldConflicts(
        objects.size(), OrdinaryObjects.each(objects, object -> tried(look, object)));
  }

  private static List<FieldConflict> tried(Look look, HasMetadata object) {
    try {
      look.cluster()
          .client()
          .resource(object)
          .inNamespace(look.namespace())
          .dryRun()
          .patch(
              new PatchContext.Builder()
                  .withPatchType(PatchType.SERVER_SIDE_APPLY)
                  .withFieldManager(MANAGER)
                  .withForce(false)
                  .build());
      return List.of();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return conflicts(look, object, e);
      }
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN || e.getCode() == 0) {
        throw e;
      }
      // What the server refuses for another reason is PGC-308's.
      return List.of();
    }
  }

  private static List<FieldConflict> conflicts(
      Look look, HasMetadata object, KubernetesClientException e) {
    var details = e.getStatus() == null ? null : e.getStatus().getDetails();
    if (details == null) {
      return List.of();
    }
    var json = new ObjectMapper();
    JsonNode wanted = json.valueToTree(object);
    JsonNode live =
        json.valueToTree(
            look.cluster().client().resource(object).inNamespace(look.namespace()).get());
    return details.getCauses().stream()
        .filter(c -> "FieldManagerConflict".equals(c.getReason()))
        // What Helm owns from client-side times it makes its own.
        .filter(c -> !owner(c).equals(MANAGER))
        .map(
            c ->
                new FieldConflict(
                    object.getKind() + "/" + object.getMetadata().getName(),
                    c.getField(),
                    owner(c),
                    value(object, live, c.getField()),
                    value(object, wanted, c.getField())))
        .toList();
  }

  private static String owner(StatusCause cause) {
    var matcher = OWNER.matcher(cause.getMessage());
    return matcher.find() ? matcher.group(1) : "another manager";
  }

  /** Plain values alone, and never a Secret's. */
  private static String value(HasMetadata object, JsonNode root, String path) {
    if (object instanceof Secret || !PLAIN_PATH.matcher(path).matches()) {
      return NOT_SHOWN;
    }
    var node = root.at(path.replace('.', '/'));
    return node.isNumber() || node.isBoolean() ? node.asText() : NOT_SHOWN;
  }
}
