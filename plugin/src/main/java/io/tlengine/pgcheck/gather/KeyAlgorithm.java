package io.tlengine.pgcheck.gather;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * The algorithm of a client key in PKCS#8 form. The client library takes every such key for RSA
 * unless it is told, and an EC key then fails with "Invalid DER".
 */
final class KeyAlgorithm {

  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private KeyAlgorithm() {}

  /**
   * Empty when there is no such key, or it is in another form, which names its algorithm itself.
   */
  static Optional<String> detect(Config config) {
    return pem(config)
        .filter(pem -> pem.contains(BEGIN) && pem.contains(END))
        .map(pem -> pem.substring(pem.indexOf(BEGIN) + BEGIN.length(), pem.indexOf(END)))
        .flatMap(KeyAlgorithm::algorithm);
  }

  private static Optional<String> algorithm(String base64) {
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    for (var name : new String[] {"RSA", "EC"}) {
      try {
        KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(der));
        return Optional.of(name);
      } catch (GeneralSecurityException e) {
        // Not of this algorithm; the next one is tried.
      }
    }
    return Optional.empty();
  }

  private static Optional<String> pem(Config config) {
    if (config.getClientKeyData() != null) {
      try {
        return Optional.of(
            new String(
                Base64.getMimeDecoder().decode(config.getClientKeyData()),
                StandardCharsets.US_ASCII));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
    if (config.getClientKeyFile() != null) {
      try {
        return Optional.of(Files.readString(Path.of(config.getClientKeyFile())));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
