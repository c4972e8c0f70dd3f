package io.tlengine.pgcheck.gather.helm;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the YAML documents that Helm prints. */
public final class Manifests {

  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---.*$");
  private static final Pattern SOURCE = Pattern.compile("(?m)^# Source: (\\S+)");

  private final KubernetesSerialization serialization;
  private final List<HasMetadata> objects = new ArrayList<>();

  private Manifests(KubernetesSerialization serialization) {
    this.serialization = serialization;
  }

  public static List<HasMetadata> parse(String yaml) {
    return parse(yaml, new KubernetesSerialization());
  }

  /**
   * @param serialization that of a client, which knows all kinds already
   * @throws GatherException USAGE for a document that is no Kubernetes object, naming its template
   */
  public static List<HasMetadata> parse(String yaml, KubernetesSerialization serialization) {
    var manifests = new Manifests(serialization);
    for (var document : SEPARATOR.split(yaml)) {
      if (document.lines().anyMatch(l -> !l.isBlank() && !l.startsWith("#"))) {
        manifests.add(document);
      }
    }
    return manifests.objects;
  }

  private void add(String document) {
    Object found;
    try {
      found = serialization.unmarshal(document);
    } catch (RuntimeException | StackOverflowError e) {
      // What does not fit its kind's model stays as it is: the API server says what is wrong.
      found = generic(document);
    }
    if (found instanceof KubernetesResourceList<?> list && list.getItems() != null) {
      for (Object item : list.getItems()) {
        add(document, item);
      }
    } else {
      add(document, found);
    }
  }

  private GenericKubernetesResource generic(String document) {
    try {
      return serialization.unmarshal(document, GenericKubernetesResource.class);
    } catch (RuntimeException | StackOverflowError e) {
      // The parser's text may hold a line of a Secret.
      throw refused(document, "is no YAML object");
    }
  }

  private void add(String document, Object found) {
    if (!(found instanceof HasMetadata object)
        || isBlank(object.getApiVersion())
        || isBlank(object.getKind())) {
      throw refused(document, "is no Kubernetes object: apiVersion or kind is missing");
    }
    if (object.getMetadata() == null
        || (isBlank(object.getMetadata().getName())
            && isBlank(object.getMetadata().getGenerateName()))) {
      throw refused(document, "makes a " + object.getKind() + " without metadata.name");
    }
    if (isBlank(object.getMetadata().getName())) {
      // The server appends some letters; one stands for them here.
      object.getMetadata().setName(object.getMetadata().getGenerateName() + "x");
    }
    objects.add(object instanceof GenericKubernetesResource ? object : read(object));
  }

  /** What lacks parts is left to the API server, too; the plan knows nothing of it. */
  private HasMetadata read(HasMetadata object) {
    var tree = serialization.convertValue(object, JsonNode.class);
    // Often a value that was not set: {{ .Values.x }} alone. For the API server it is not there.
    boolean nulls = Structure.dropNullFields(tree);
    if (!Structure.complete(tree)) {
      return serialization.convertValue(object, GenericKubernetesResource.class);
    }
    return nulls ? serialization.convertValue(tree, object.getClass()) : object;
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  private static GatherException refused(String document, String why) {
    var source = SOURCE.matcher(document);
    return new GatherException(
        Kind.USAGE,
        Optional.of(source)
                .filter(s -> s.find())
                .map(s -> "the template " + s.group(1))
                .orElse("a document that the chart renders")
            + " "
            + why);
  }
}
