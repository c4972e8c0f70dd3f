package io.tlengine.pgcheck.gather.connection;

import io.tlengine.pgcheck.fact.ConnectionFacts.Certificate;
import io.tlengine.pgcheck.fact.ConnectionFacts.Trust;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Describes a server's certificate and compares it with the roots that the URL means. */
final class Certificates {

  private static final int SAN_DNS = 2;
  private static final int SAN_IP = 7;

  private Certificates() {}

  static Certificate describe(DatabaseUrl url, X509Certificate[] chain) {
    var leaf = chain[0];
    var names = names(leaf);
    var rootFile = url.parameters().getOrDefault("sslrootcert", "system");
    return new Certificate(
        leaf.getSubjectX500Principal().getName(),
        leaf.getIssuerX500Principal().getName(),
        names,
        leaf.getNotBefore().toInstant(),
        leaf.getNotAfter().toInstant(),
        trust(chain, rootFile),
        roots(url),
        names.stream().anyMatch(name -> matches(name, url.host())));
  }

  /** With no file named, not every client library goes by the system's roots. */
  private static String roots(DatabaseUrl url) {
    var named = url.parameters().get("sslrootcert");
    if (named != null) {
      return named.equals("system") ? "the system's roots" : named;
    }
    return "the system's roots, since the URL names none (libpq and pgjdbc want"
        + " ~/.postgresql/root.crt then, or sslrootcert=system)";
  }

  private static Trust trust(X509Certificate[] chain, String rootFile) {
    try {
      KeyStore roots = null;
      if (!rootFile.equals("system")) {
        var path = Path.of(rootFile);
        if (!Files.isReadable(path)) {
          return new Trust.CannotTell(
              "the URL's sslrootcert " + rootFile + " is not on this machine");
        }
        roots = load(path);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(roots);
      var manager =
          Arrays.stream(factory.getTrustManagers())
              .filter(X509TrustManager.class::isInstance)
              .map(X509TrustManager.class::cast)
              .findFirst()
              .orElseThrow();
      manager.checkServerTrusted(chain, "UNKNOWN");
      return new Trust.Trusted();
    } catch (CertificateException e) {
      return new Trust.NotTrusted(Failure.of(e));
    } catch (GeneralSecurityException | IOException e) {
      return new Trust.CannotTell("the roots in " + rootFile + " cannot be read: " + Failure.of(e));
    }
  }

  private static KeyStore load(Path file) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = Files.newInputStream(file)) {
      int i = 0;
      for (var root : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("root" + i++, root);
      }
    }
    return store;
  }

  /** Subject alternative names; without any, the common name, as libpq does. */
  private static List<String> names(X509Certificate certificate) {
    var names = new ArrayList<String>();
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (var entry : alternatives) {
          if (entry.get(0) instanceof Integer type
              && (type == SAN_DNS || type == SAN_IP)
              && entry.get(1) instanceof String name) {
            names.add(name);
          }
        }
      }
    } catch (CertificateParsingException e) {
      // A certificate with unreadable names has none that could match.
    }
    if (names.isEmpty()) {
      for (var part : certificate.getSubjectX500Principal().getName().split(",", -1)) {
        if (part.startsWith("CN=")) {
          names.add(part.substring("CN=".length()));
        }
      }
    }
    return names;
  }

  /** A leading {@code *.} stands for one label (RFC 6125). */
  private static boolean matches(String name, String host) {
    var pattern = name.toLowerCase(Locale.ROOT);
    var wanted = host.toLowerCase(Locale.ROOT);
    if (pattern.startsWith("*.")) {
      int dot = wanted.indexOf('.');
      return dot > 0 && wanted.substring(dot).equals(pattern.substring(1));
    }
    return pattern.equals(wanted);
  }
}
