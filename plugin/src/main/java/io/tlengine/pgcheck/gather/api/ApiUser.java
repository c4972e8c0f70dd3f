package io.tlengine.pgcheck.gather.api;

import static io.tlengine.pgcheck.gather.api.ApiAccess.nonBlank;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.tlengine.pgcheck.gather.api.ExecPlugin.Credential;
import io.tlengine.pgcheck.gather.api.Kubeconfig.Entry;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who logs in at the API server: by a certificate, a token, or name and password.
 *
 * @param certificate in PEM form, with its key
 * @param token asked before each request, since files are rotated and exec plugins' tokens expire
 */
record ApiUser(
    Optional<String> certificate,
    Optional<String> key,
    Optional<OAuthTokenProvider> token,
    Optional<Basic> basic) {

  private static final Pattern NO_HEADER = Pattern.compile("[^\\x21-\\x7e]");

  /**
   * Name and password; API servers from Kubernetes 1.19 take none, but what stands before one may.
   */
  record Basic(String name, String password) {}

  /**
   * @param user the kubeconfig's
   * @throws GatherException USAGE for a login that cannot be used
   */
  static ApiUser of(HelmEnvironment environment, Entry<AuthInfo> user, Duration timeout) {
    var info = user.value();
    var certificate =
        ApiAccess.pem(
            "client-certificate",
            user,
            info.getClientCertificateData(),
            info.getClientCertificate());
    var key = ApiAccess.pem("client-key", user, info.getClientKeyData(), info.getClientKey());
    if (certificate.isPresent() != key.isPresent()) {
      throw new GatherException(
          Kind.USAGE, "the kubeconfig's user has a client certificate or its key, and not both");
    }
    var given = environment.nonEmpty("HELM_KUBETOKEN").or(() -> nonBlank(info.getToken()));
    var file = nonBlank(info.getTokenFile());
    var basic =
        nonBlank(info.getUsername())
            .map(n -> new Basic(n, Optional.ofNullable(info.getPassword()).orElse("")));
    if (environment.nonEmpty("HELM_KUBETOKEN").isEmpty() && file.isPresent()) {
      // Once now, so that a wrong file is named.
      var unused = fromFile(user, file.get());
      return new ApiUser(certificate, key, Optional.of(() -> fromFile(user, file.get())), basic);
    }
    if (given.isPresent()) {
      var token = header(given.get());
      return new ApiUser(certificate, key, Optional.of(() -> token), basic);
    }
    if (info.getExec() != null) {
      return byPlugin(new ExecPlugin(info.getExec(), user.file(), timeout), certificate, key);
    }
    if (info.getAuthProvider() != null && certificate.isEmpty() && basic.isEmpty()) {
      throw new GatherException(
          Kind.USAGE,
          "the kubeconfig's user logs in by an auth-provider, which Kubernetes 1.26 gave up; use an"
              + " exec plugin, for example kubelogin");
    }
    return new ApiUser(certificate, key, Optional.empty(), basic);
  }

  void applyTo(Config config) {
    token.ifPresent(config::setOauthTokenProvider);
    basic.ifPresent(
        b -> {
          config.setUsername(b.name());
          config.setPassword(b.password());
        });
  }

  private static ApiUser byPlugin(
      ExecPlugin plugin, Optional<String> certificate, Optional<String> key) {
    var first = plugin.ask();
    first.token().ifPresent(ApiUser::header);
    return new ApiUser(
        first.certificate().or(() -> certificate),
        first.key().or(() -> key),
        first.token().isPresent() ? Optional.of(new Renewed(plugin, first)) : Optional.empty(),
        Optional.empty());
  }

  /** The plugin's token, asked for again once it has expired. */
  private static final class Renewed implements OAuthTokenProvider {

    private final ExecPlugin plugin;
    private Credential last;

    Renewed(ExecPlugin plugin, Credential first) {
      this.plugin = plugin;
      this.last = first;
    }

    @Override
    public synchronized String getToken() {
      if (last.expires().filter(Instant.now()::isAfter).isPresent()) {
        last = plugin.ask();
      }
      return last.token().map(ApiUser::header).orElse("");
    }
  }

  private static String fromFile(Entry<AuthInfo> user, String file) {
    return header(ApiAccess.file("the kubeconfig's tokenFile", user.file(), file));
  }

  private static String header(@Nullable String token) {
    var text = Optional.ofNullable(token).orElse("").strip();
    if (text.isEmpty() || NO_HEADER.matcher(text).find()) {
      throw new GatherException(
          Kind.USAGE, "the kubeconfig's token is empty, or has characters that no token has");
    }
    return text;
  }
}
