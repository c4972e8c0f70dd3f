package io.tlengine.pgcheck.gather.api;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A private key in any of the forms that a kubeconfig may hold: PKCS#8 (RFC 5958; RSA, EC,
 * Ed25519), PKCS#1 (RFC 8017, RSA) and SEC 1 (RFC 5915, EC). The last two are wrapped into the
 * first, which is what Java reads.
 */
final class PemKey {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;
  private static final int PARAMETERS = 0xa0;

  /** Version 0, as a DER INTEGER. */
  private static final byte[] VERSION = {INTEGER, 1, 0};

  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private PemKey() {}

  /**
   * @throws GeneralSecurityException in words, for a text that holds no key that can be read
   */
  static PrivateKey read(String pem) throws GeneralSecurityException {
    var curve = Optional.<byte[]>empty();
    var blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      byte[] der = decode(blocks.group(2));
      switch (blocks.group(1)) {
        case "EC PARAMETERS" -> curve = Optional.of(der);
        case "PRIVATE KEY" -> {
          return pkcs8(der);
        }
        case "RSA PRIVATE KEY" -> {
          return pkcs8(wrapped(RSA, der));
        }
        case "EC PRIVATE KEY" -> {
          byte[] named = curve.isPresent() ? curve.get() : curve(der);
          return pkcs8(wrapped(concat(EC, named), der));
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new GeneralSecurityException(
                "the client key has a password, which kubeconfigs have no place for");
        default -> {
          // A certificate, for example, may stand before the key.
        }
      }
    }
    throw new GeneralSecurityException("the client key is no private key in PEM form");
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // Not of this algorithm; the next one is tried.
      }
    }
    throw new GeneralSecurityException("the client key is damaged, or neither RSA, EC nor Ed25519");
  }

  private static byte[] decode(String base64) throws GeneralSecurityException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the client key is damaged: no base64", e);
    }
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return element(
        SEQUENCE, concat(VERSION, element(SEQUENCE, algorithm), element(OCTET_STRING, key)));
  }

  /** The name of the curve, which follows version and key in a field of its own. */
  private static byte[] curve(byte[] sec1) throws GeneralSecurityException {
    try {
      var fields = content(ByteBuffer.wrap(sec1), SEQUENCE);
      content(fields, INTEGER);
      content(fields, OCTET_STRING);
      var parameters = content(fields, PARAMETERS);
      var bytes = new byte[parameters.remaining()];
      parameters.get(bytes);
      return bytes;
    } catch (RuntimeException e) {
      throw new GeneralSecurityException("the client key is damaged, or names no curve", e);
    }
  }

  /** What is in the next element, which must be of this kind; the buffer goes on behind it. */
  private static ByteBuffer content(ByteBuffer from, int tag) {
    if (Byte.toUnsignedInt(from.get()) != tag) {
      throw new IllegalArgumentException("another element");
    }
    int length = Byte.toUnsignedInt(from.get());
    if (length > 0x80) {
      int bytes = length - 0x80;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | Byte.toUnsignedInt(from.get());
      }
    }
    var content = from.slice(from.position(), length);
    from.position(from.position() + length);
    return content;
  }

  private static byte[] element(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      // Two bytes of length: no key is longer than 64 KiB.
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }
}
