package io.tlengine.pgcheck.gather.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS to the API server as kubectl does it. The library's own way reads RSA and some EC keys only,
 * trusts every public authority besides the cluster's, and takes 0.2 s for its key stores.
 */
final class ApiTls {

  private static final String ALIAS = "client";

  private ApiTls() {}

  /**
   * @param authority certificates in PEM form; empty for those that Java trusts
   * @param verify whether the server's certificate matters at all
   * @param certificate the client's, with its chain; empty when another way of login is used
   * @param key the client's
   * @throws GeneralSecurityException in words
   */
  static SSLContext context(
      Optional<String> authority,
      boolean verify,
      Optional<String> certificate,
      Optional<String> key)
      throws GeneralSecurityException {
    KeyManager @Nullable [] own = null;
    if (certificate.isPresent() && key.isPresent()) {
      own =
          new KeyManager[] {
            new OneKey(
                certificates("client certificate", certificate.get()), PemKey.read(key.get()))
          };
    }
    var context = SSLContext.getInstance("TLS");
    context.init(own, verify ? trusted(authority) : new TrustManager[] {new AnyServer()}, null);
    return context;
  }

  private static TrustManager @Nullable [] trusted(Optional<String> authority)
      throws GeneralSecurityException {
    if (authority.isEmpty()) {
      return null;
    }
    var store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    var certificates = certificates("certificate authority", authority.get());
    for (int i = 0; i < certificates.length; i++) {
      store.setCertificateEntry("authority" + i, certificates[i]);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static X509Certificate[] certificates(String what, String pem)
      throws GeneralSecurityException {
    var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
    Certificate[] found;
    try {
      found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(bytes)
              .toArray(Certificate[]::new);
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException("the " + what + " is damaged, or not in PEM form", e);
    }
    if (found.length == 0) {
      throw new GeneralSecurityException("the " + what + " is empty, or not in PEM form");
    }
    var certificates = new X509Certificate[found.length];
    System.arraycopy(found, 0, certificates, 0, found.length);
    return certificates;
  }

  /** The same key whatever the server asks for, as kubectl does. */
  private static final class OneKey extends X509ExtendedKeyManager {

    private final X509Certificate[] chain;
    private final PrivateKey key;

    OneKey(X509Certificate[] chain, PrivateKey key) {
      this.chain = chain;
      this.key = key;
    }

    private @Nullable String of(String... types) {
      var algorithm = chain[0].getPublicKey().getAlgorithm();
      for (var type : types) {
        if (type.equals(algorithm) || (type.equals("EdDSA") && algorithm.startsWith("Ed"))) {
          return ALIAS;
        }
      }
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return of(types);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return of(types);
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return of(type) == null ? new String[0] : new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[0];
    }
  }

  /** insecure-skip-tls-verify: the extended form, so that Java leaves the name unchecked, too. */
  private static final class AnyServer extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
