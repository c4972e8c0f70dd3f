package io.tlengine.pgcheck.gather.install;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.gather.source.Parallel;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** The kinds that the API server knows, of the API versions that the manifests name. */
final class ApiKinds {

  private final KubernetesClient client;
  private final String namespace;
  private final Map<String, APIResource> byVersionAndKind;

  private ApiKinds(
      KubernetesClient client, String namespace, Map<String, APIResource> byVersionAndKind) {
    this.client = client;
    this.namespace = namespace;
    this.byVersionAndKind = byVersionAndKind;
  }

  /** One request for each API version, at the same time; every user may discover kinds. */
  static ApiKinds discover(Look look) {
    var client = look.cluster().client();
    // v1 always: the pods and claims that are derived are of it.
    var versions =
        Stream.concat(Stream.of("v1"), look.manifests().stream().map(HasMetadata::getApiVersion))
            .distinct()
            .toList();
    var found = new HashMap<String, APIResource>();
    var lists =
        Parallel.all(
            versions.stream()
                .map(v -> (Callable<Optional<APIResourceList>>) () -> resources(client, v))
                .toList());
    for (int i = 0; i < versions.size(); i++) {
      var version = versions.get(i);
      lists.get(i).map(APIResourceList::getResources).orElse(List.of()).stream()
          .filter(r -> !r.getName().contains("/"))
          .forEach(r -> found.put(version + " " + r.getKind(), r));
    }
    return new ApiKinds(client, look.namespace(), found);
  }

  private static Optional<APIResourceList> resources(KubernetesClient client, String version) {
    try {
      return Optional.ofNullable(client.getApiResources(version));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  boolean knows(HasMetadata object) {
    return byVersionAndKind.containsKey(object.getApiVersion() + " " + object.getKind());
  }

  /** Its plural, as RBAC names it. */
  String resource(HasMetadata object) {
    return of(object).getName();
  }

  static String group(HasMetadata object) {
    int slash = object.getApiVersion().indexOf('/');
    return slash < 0 ? "" : object.getApiVersion().substring(0, slash);
  }

  /** Empty when its kind is of the whole cluster. */
  Optional<String> namespace(HasMetadata object) {
    return Boolean.TRUE.equals(of(object).getNamespaced())
        ? Optional.of(Optional.ofNullable(object.getMetadata().getNamespace()).orElse(namespace))
        : Optional.empty();
  }

  /** The object at the API server, as it is in the manifest: with fields that the model lacks. */
  Resource<GenericKubernetesResource> at(HasMetadata object) {
    var context =
        new ResourceDefinitionContext.Builder()
            .withGroup(group(object))
            .withVersion(object.getApiVersion().substring(object.getApiVersion().indexOf('/') + 1))
            .withKind(object.getKind())
            .withPlural(resource(object))
            .withNamespaced(namespace(object).isPresent())
            .build();
    var item =
        client.getKubernetesSerialization().convertValue(object, GenericKubernetesResource.class);
    var all = client.genericKubernetesResources(context);
    return namespace(object)
        .map(n -> all.inNamespace(n).resource(item))
        .orElseGet(() -> all.resource(item));
  }

  private APIResource of(HasMetadata object) {
    return Objects.requireNonNull(
        byVersionAndKind.get(object.getApiVersion() + " " + object.getKind()));
  }
}
