package io.tlengine.pgcheck.gather;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.tlengine.pgcheck.gather.GatherException.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connection to the API server, as Helm's environment and the kubeconfig describe it. */
public final class Cluster implements AutoCloseable {

  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private final EndingHttpClientFactory http;
  private final KubernetesClient client;
  private final String version;

  private Cluster(EndingHttpClientFactory http, KubernetesClient client, String version) {
    this.http = http;
    this.client = client;
    this.version = version;
  }

  /**
   * Reads the kubeconfig and asks the API server for its version.
   *
   * @param requestTimeout for each single request
   * @throws GatherException USAGE for a kubeconfig that cannot be used, OUT_OF_REACH when the API
   *     server does not answer or does not know us
   */
  public static Cluster connect(HelmEnvironment environment, Duration requestTimeout) {
    var files = kubeconfigFiles(environment);
    files.forEach(Cluster::readable);
    var context = environment.kubeContext();
    Config found = config(files, context.orElse(null));
    if (context.isPresent()
        && found.getContexts().stream().noneMatch(c -> c.getName().equals(context.get()))) {
      throw new GatherException(
          Kind.USAGE,
          "the kubeconfig "
              + (files.isEmpty() ? "" : join(files) + " ")
              + "has no context "
              + context.get()
              + "; it has "
              + found.getContexts().stream().map(c -> c.getName()).sorted().toList());
    }
    var config =
        new ConfigBuilder(found)
            .withNamespace(environment.namespace())
            .withConnectionTimeout(CONNECT_TIMEOUT_MILLIS)
            .withRequestTimeout(Math.toIntExact(requestTimeout.toMillis()))
            // The default of ten tries with back-off is far too long for a command line.
            .withRequestRetryBackoffLimit(0)
            .build();
    environment.nonEmpty("HELM_KUBEAPISERVER").ifPresent(config::setMasterUrl);
    environment.nonEmpty("HELM_KUBETOKEN").ifPresent(config::setOauthToken);
    environment.nonEmpty("HELM_KUBECAFILE").ifPresent(config::setCaCertFile);
    environment.nonEmpty("HELM_KUBEASUSER").ifPresent(config::setImpersonateUsername);
    environment
        .nonEmpty("HELM_KUBEASGROUPS")
        .ifPresent(groups -> config.setImpersonateGroups(groups.split(",", -1)));
    if (environment
        .nonEmpty("HELM_KUBEINSECURE_SKIP_TLS_VERIFY")
        .filter("true"::equals)
        .isPresent()) {
      config.setTrustCerts(true);
      config.setDisableHostnameVerification(true);
    }
    KeyAlgorithm.detect(config).ifPresent(config::setClientKeyAlgo);

    var http = new EndingHttpClientFactory();
    KubernetesClient client;
    try {
      client = new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(http).build();
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new GatherException(Kind.USAGE, "the kubeconfig cannot be used: " + Failure.of(e));
    }
    try {
      return new Cluster(http, client, client.getKubernetesVersion().getGitVersion());
    } catch (KubernetesClientException e) {
      http.close();
      client.close();
      throw new GatherException(
          Kind.OUT_OF_REACH,
          "the Kubernetes API at "
              + config.getMasterUrl()
              + " does not answer: "
              + Failure.of(e)
              + "; try: kubectl version"
              + context.map(c -> " --context " + c).orElse(""));
    }
  }

  public KubernetesClient client() {
    return client;
  }

  /** The YAML documents that Helm prints. */
  List<HasMetadata> parse(String yaml) {
    return Manifests.parse(yaml, client.getKubernetesSerialization());
  }

  /** As the API server names it, for example v1.36.3. */
  public String version() {
    return version;
  }

  /** The files that the user named; none when the default file or a pod's account is to be used. */
  private static List<Path> kubeconfigFiles(HelmEnvironment environment) {
    return environment
        .nonEmpty("KUBECONFIG")
        .map(
            list ->
                Arrays.stream(list.split(File.pathSeparator))
                    .filter(p -> !p.isEmpty())
                    .map(Path::of)
                    .toList())
        .orElse(List.of());
  }

  /**
   * What the files say, or without any the library's own search: the default file, then a pod's
   * account. The files are read by name, since the library looks at the process's variables only.
   */
  private static Config config(List<Path> files, @Nullable String context) {
    if (files.isEmpty()) {
      return Config.autoConfigure(context);
    }
    var config = Config.empty();
    KubeConfigUtils.merge(
        config,
        context,
        files.stream()
            .map(f -> KubeConfigUtils.parseConfig(f.toFile()))
            .toArray(io.fabric8.kubernetes.api.model.Config[]::new));
    Config.configFromSysPropsOrEnvVars(config);
    return config;
  }

  private static String join(List<Path> files) {
    return String.join(File.pathSeparator, files.stream().map(Path::toString).toList());
  }

  private static void readable(Path file) {
    if (!Files.isReadable(file)) {
      throw new GatherException(
          Kind.USAGE,
          "the kubeconfig "
              + file
              + (Files.exists(file) ? " may not be read" : " does not exist")
              + "; set KUBECONFIG or --kubeconfig to a readable file");
    }
    io.fabric8.kubernetes.api.model.Config parsed;
    try {
      // The library stumbles over an empty file.
      parsed = Files.size(file) == 0 ? null : KubeConfigUtils.parseConfig(file.toFile());
    } catch (IOException | RuntimeException e) {
      // The YAML parser throws exceptions of its own, which the library does not wrap.
      throw new GatherException(
          Kind.USAGE,
          "the kubeconfig "
              + file
              + " is not valid YAML: "
              + Failure.of(e)
              + "; try: kubectl config view --kubeconfig "
              + file);
    }
    if (parsed == null || parsed.getClusters() == null || parsed.getClusters().isEmpty()) {
      throw new GatherException(
          Kind.USAGE,
          "the kubeconfig "
              + file
              + " names no cluster; wanted: a file as kubectl writes it (kubectl config view)");
    }
  }

  @Override
  public void close() {
    http.close();
    client.close();
  }
}
