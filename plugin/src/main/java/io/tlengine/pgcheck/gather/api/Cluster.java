package io.tlengine.pgcheck.gather.api;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import io.tlengine.pgcheck.gather.helm.Manifests;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The connection to the API server, as Helm's environment and the kubeconfig describe it. */
public final class Cluster implements AutoCloseable {

  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  /** The kubelet sets it in every container (Kubernetes, "Accessing the Kubernetes API"). */
  private static final String SERVICE_HOST = "KUBERNETES_SERVICE_HOST";

  private final EndingHttpClientFactory http;
  private final KubernetesClient client;
  private final String version;
  private final boolean fromPod;

  private Cluster(
      EndingHttpClientFactory http, KubernetesClient client, String version, boolean fromPod) {
    this.http = http;
    this.client = client;
    this.version = version;
    this.fromPod = fromPod;
  }

  /**
   * Reads the kubeconfig and asks the API server for its version.
   *
   * @param requestTimeout for each single request
   * @throws GatherException USAGE for a kubeconfig that cannot be used, OUT_OF_REACH when the API
   *     server does not answer or does not know us
   */
  public static Cluster connect(HelmEnvironment environment, Duration requestTimeout) {
    var access = ApiAccess.find(environment, requestTimeout);
    var config =
        new ConfigBuilder(access.config())
            .withNamespace(environment.namespace())
            .withConnectionTimeout(
                Math.min(CONNECT_TIMEOUT_MILLIS, Math.toIntExact(requestTimeout.toMillis())))
            .withRequestTimeout(Math.toIntExact(requestTimeout.toMillis()))
            // The default of ten tries with back-off is far too long for a command line.
            .withRequestRetryBackoffLimit(0)
            .build();
    environment.nonEmpty("HELM_KUBEASUSER").ifPresent(config::setImpersonateUsername);
    environment
        .nonEmpty("HELM_KUBEASGROUPS")
        .ifPresent(groups -> config.setImpersonateGroups(groups.split(",", -1)));

    var http = new EndingHttpClientFactory(access.tls(), access.serverName());
    KubernetesClient client;
    try {
      client = new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(http).build();
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new GatherException(Kind.USAGE, "the kubeconfig cannot be used: " + Failure.of(e));
    }
    try {
      var version = client.getKubernetesVersion();
      if (version == null || version.getGitVersion() == null) {
        throw new KubernetesClientException("what answers there is no Kubernetes API");
      }
      return new Cluster(
          http, client, version.getGitVersion(), environment.nonEmpty(SERVICE_HOST).isPresent());
    } catch (KubernetesClientException e) {
      http.close();
      client.close();
      throw new GatherException(
          Kind.OUT_OF_REACH,
          "the Kubernetes API at " + config.getMasterUrl() + " does not answer: " + Failure.of(e),
          "kubectl version" + environment.kubeContext().map(c -> " --context " + c).orElse(""));
    }
  }

  public KubernetesClient client() {
    return client;
  }

  /** This program runs in a pod: of this cluster, most likely. */
  public boolean fromPod() {
    return fromPod;
  }

  /** Who we are to the API server; older ones (before 1.28) do not say. */
  public Optional<String> user() {
    try {
      var answer =
          client.raw(
              "/apis/authentication.k8s.io/v1/selfsubjectreviews",
              "POST",
              "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}");
      var user =
          client
              .getKubernetesSerialization()
              .unmarshal(Objects.requireNonNullElse(answer, "{}"), SelfSubjectReview.class)
              .getStatus();
      return Optional.ofNullable(user).map(u -> u.getUserInfo()).map(u -> u.getUsername());
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }

  /** The YAML documents that Helm prints. */
  public List<HasMetadata> parse(String yaml) {
    return Manifests.parse(yaml, client.getKubernetesSerialization());
  }

  /** As the API server names it, for example v1.36.3. */
  public String version() {
    return version;
  }

  @Override
  public void close() {
    http.close();
    client.close();
  }
}
