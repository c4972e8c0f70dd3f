package io.tlengine.pgcheck.gather;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the YAML documents that Helm prints. */
public final class Manifests {

  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---.*$");

  private Manifests() {}

  public static List<HasMetadata> parse(String yaml) {
    return parse(yaml, new KubernetesSerialization());
  }

  /**
   * @param serialization that of a client, which knows all kinds already
   */
  static List<HasMetadata> parse(String yaml, KubernetesSerialization serialization) {
    var objects = new ArrayList<HasMetadata>();
    for (var document : SEPARATOR.split(yaml)) {
      if (document.lines().anyMatch(l -> !l.isBlank() && !l.startsWith("#"))) {
        Object object = read(serialization, document);
        if (object instanceof KubernetesResourceList<?> list) {
          objects.addAll(list.getItems());
        } else {
          objects.add((HasMetadata) object);
        }
      }
    }
    return objects;
  }

  /** What does not fit its kind's model stays as it is: the API server says what is wrong. */
  private static Object read(KubernetesSerialization serialization, String document) {
    try {
      return serialization.unmarshal(document);
    } catch (KubernetesClientException | IllegalArgumentException e) {
      return serialization.unmarshal(document, GenericKubernetesResource.class);
    }
  }
}
