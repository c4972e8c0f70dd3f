package io.tlengine.pgcheck.gather.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real API server is asked with each form by ci/test.d/kubeconfigs.sh. */
class PemKeyTest {

  private static String pem(String what, byte[] der) {
    var text = Base64.getMimeEncoder().encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what);
  }

  @ParameterizedTest
  @CsvSource({"RSA, RSA", "EC, EC", "Ed25519, EdDSA"})
  void pkcs8IsReadWhateverTheAlgorithm(String algorithm, String name)
      throws GeneralSecurityException {
    var key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
    var text = pem("CERTIFICATE", new byte[] {1}) + pem("PRIVATE KEY", key.getEncoded());

    var read = PemKey.read(text);

    assertEquals(name, read.getAlgorithm());
    assertArrayEquals(key.getEncoded(), read.getEncoded());
  }

  /** PKCS#1 is the last field of PKCS#8, behind 26 bytes for a key of 2048 bits. */
  @ParameterizedTest
  @ValueSource(ints = {2048, 4096})
  void pkcs1IsRead(int bits) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    var encoded = generator.generateKeyPair().getPrivate().getEncoded();

    var read = PemKey.read(pem("RSA PRIVATE KEY", Arrays.copyOfRange(encoded, 26, encoded.length)));

    assertArrayEquals(encoded, read.getEncoded());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no key",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\n\n-----END EC PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA"
      })
  void whatIsNoKeyIsRefusedInWords(String text) {
    var refusal = assertThrows(GeneralSecurityException.class, () -> PemKey.read(text));

    assertEquals(0, String.valueOf(refusal.getMessage()).indexOf("the client key "));
  }
}
