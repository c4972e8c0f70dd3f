package io.tlengine.pgcheck.plan;

import java.util.Arrays;
import java.util.Optional;

/** libpq's sslmode (PostgreSQL, "Database Connection Control Functions"). */
public enum SslMode {
  DISABLE("disable"),
  ALLOW("allow"),
  PREFER("prefer"),
  REQUIRE("require"),
  VERIFY_CA("verify-ca"),
  VERIFY_FULL("verify-full");

  private final String text;

  SslMode(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** The connection fails when the server does not encrypt. */
  public boolean encryptionRequired() {
    return compareTo(REQUIRE) >= 0;
  }

  /** The server's certificate chain is verified. */
  public boolean verifiesChain() {
    return compareTo(VERIFY_CA) >= 0;
  }

  public static Optional<SslMode> parse(String text) {
    return Arrays.stream(values()).filter(m -> m.text.equals(text)).findFirst();
  }
}
