package io.tlengine.pgcheck.gather.api;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.tlengine.pgcheck.gather.api.Kubeconfig.Chosen;
import io.tlengine.pgcheck.gather.api.Kubeconfig.Entry;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;

/**
 * The API server's address, the way there and the login, from kubeconfig and Helm's own flags.
 *
 * @param tls for https; empty where the library's own does, with a pod's account
 * @param serverName that the certificate must have and SNI names, where it is not the address's own
 */
record ApiAccess(Config config, Optional<SSLContext> tls, Optional<SNIHostName> serverName) {

  /**
   * @param timeout for an exec plugin
   * @throws GatherException USAGE, naming the entry, for what cannot be used
   */
  static ApiAccess find(HelmEnvironment environment, Duration timeout) {
    var kubeconfig = Kubeconfig.read(environment);
    if (kubeconfig.isEmpty()) {
      var config = Config.autoConfigure(null);
      environment.nonEmpty("HELM_KUBEAPISERVER").ifPresent(config::setMasterUrl);
      environment.nonEmpty("HELM_KUBETOKEN").ifPresent(config::setOauthToken);
      environment.nonEmpty("HELM_KUBECAFILE").ifPresent(config::setCaCertFile);
      return new ApiAccess(config, Optional.empty(), Optional.empty());
    }
    var chosen = kubeconfig.get().choose(environment.kubeContext());
    var cluster = chosen.cluster().value();
    var server =
        server(environment.nonEmpty("HELM_KUBEAPISERVER").or(() -> nonBlank(cluster.getServer())));
    var serverName =
        serverName(
            environment
                .nonEmpty("HELM_KUBETLS_SERVER_NAME")
                .or(() -> nonBlank(cluster.getTlsServerName())));
    var builder =
        new ConfigBuilder(Config.empty())
            .withAutoConfigure(false)
            .withMasterUrl((serverName.isPresent() ? byAddress(server) : server).toString())
            .withHttpProxy(null)
            .withHttpsProxy(null)
            .withNoProxy();
    Proxies.of(server, nonBlank(cluster.getProxyUrl()), environment)
        .ifPresent(p -> builder.withHttpsProxy(p.toString()).withHttpProxy(p.toString()));
    var config = builder.build();
    var login = ApiUser.of(environment, chosen.user(), timeout);
    login.applyTo(config);
    impersonate(config, chosen.user().value());
    return new ApiAccess(
        config,
        server.getScheme().equals("https")
            ? Optional.of(tls(environment, chosen, login))
            : Optional.empty(),
        serverName);
  }

  private static Optional<SNIHostName> serverName(Optional<String> text) {
    try {
      return text.map(String::strip).map(SNIHostName::new);
    } catch (IllegalArgumentException e) {
      throw new GatherException(
          Kind.USAGE,
          "the kubeconfig's tls-server-name "
              + text.flatMap(t -> t.lines().findFirst()).orElse("")
              + " is no host name");
    }
  }

  /** Java's HTTP client takes another server name for addresses only: for a name SNI says that. */
  private static URI byAddress(URI server) {
    try {
      var address = InetAddress.getByName(server.getHost()).getHostAddress();
      return new URI(
          server.getScheme(),
          null,
          address.contains(":") ? "[" + address + "]" : address,
          server.getPort(),
          server.getPath(),
          null,
          null);
    } catch (UnknownHostException e) {
      // Whoever connects says so.
      return server;
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URI server(Optional<String> text) {
    var url =
        text.orElseThrow(
            () -> new GatherException(Kind.USAGE, "the kubeconfig's cluster has no server"));
    URI server;
    try {
      server = new URI(url.contains("://") ? url.strip() : "https://" + url.strip());
    } catch (URISyntaxException e) {
      throw noUrl(url);
    }
    if (server.getHost() == null
        || server.getPort() == 0
        || server.getPort() > 0xffff
        || server.getRawUserInfo() != null
        || !List.of("http", "https").contains(server.getScheme())) {
      throw noUrl(url);
    }
    return server;
  }

  private static GatherException noUrl(String text) {
    return new GatherException(
        Kind.USAGE,
        "the kubeconfig's server "
            + text.lines().findFirst().orElse("")
            + " is no address; wanted: https://HOST:PORT");
  }

  private static SSLContext tls(HelmEnvironment environment, Chosen chosen, ApiUser login) {
    var cluster = chosen.cluster();
    var flag = environment.nonEmpty("HELM_KUBECAFILE");
    var authority =
        flag.isPresent()
            ? flag.map(f -> file("--kube-ca-file", Path.of("."), f))
            : pem(
                "certificate-authority",
                cluster,
                cluster.value().getCertificateAuthorityData(),
                cluster.value().getCertificateAuthority());
    boolean verify =
        !Boolean.TRUE.equals(cluster.value().getInsecureSkipTlsVerify())
            && !environment
                .nonEmpty("HELM_KUBEINSECURE_SKIP_TLS_VERIFY")
                .equals(Optional.of("true"));
    try {
      return ApiTls.context(authority, verify, login.certificate(), login.key());
    } catch (GeneralSecurityException e) {
      throw new GatherException(Kind.USAGE, "the kubeconfig cannot be used: " + e.getMessage());
    }
  }

  private static void impersonate(Config config, AuthInfo user) {
    nonBlank(user.getAs()).ifPresent(config::setImpersonateUsername);
    if (user.getAsGroups() != null && !user.getAsGroups().isEmpty()) {
      config.setImpersonateGroups(user.getAsGroups().toArray(String[]::new));
    }
    if (user.getAsUserExtra() != null && !user.getAsUserExtra().isEmpty()) {
      config.setImpersonateExtras(user.getAsUserExtra());
    }
  }

  /** The data, in base64, goes before the file. */
  static Optional<String> pem(String name, Entry<?> entry, String data, String file) {
    if (nonBlank(data).isPresent()) {
      try {
        return Optional.of(
            new String(
                Base64.getDecoder().decode(data.replaceAll("\\s", "")),
                StandardCharsets.ISO_8859_1));
      } catch (IllegalArgumentException e) {
        throw new GatherException(Kind.USAGE, "the kubeconfig's " + name + "-data is no base64");
      }
    }
    return nonBlank(file).map(f -> file("the kubeconfig's " + name, entry.file(), f));
  }

  /** A file that is named relative to the kubeconfig. */
  static String file(String name, Path kubeconfig, String file) {
    try {
      return Files.readString(
          kubeconfig.toAbsolutePath().resolveSibling(file), StandardCharsets.ISO_8859_1);
    } catch (IOException | InvalidPathException e) {
      throw new GatherException(
          Kind.USAGE, name + " cannot be read from " + file.lines().findFirst().orElse(""));
    }
  }

  static Optional<String> nonBlank(String text) {
    return Optional.ofNullable(text).filter(t -> !t.isBlank());
  }
}
