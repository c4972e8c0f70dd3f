package io.tlengine.pgcheck.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Two authorities and what the first has signed, made by the JDK's keytool for one run. */
final class TestCertificates {

  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path store;

  TestCertificates(Path folder) {
    this.folder = folder;
    this.store = folder.resolve("store.p12");
    make("ca", "CN=pgcheck test CA", "-30d", 365, "-ext", "bc:c");
    make("other-ca", "CN=another CA", "-30d", 365, "-ext", "bc:c");
    var here = "san=dns:localhost,ip:127.0.0.1,ip:::1";
    make("self-signed", "CN=localhost", "-1d", 90, "-ext", here);
    make("good", "CN=localhost", "-1d", 90, "-signer", "ca", "-ext", here);
    make(
        "wrong-name",
        "CN=db.example.org",
        "-1d",
        90,
        "-signer",
        "ca",
        "-ext",
        "san=dns:db.example.org");
    make("soon-ending", "CN=localhost", "-88d", 90, "-signer", "ca", "-ext", here);
    make("wildcard", "CN=wild", "-1d", 90, "-signer", "ca", "-ext", "san=dns:*.pgcheck.test");
    make("expired", "CN=localhost", "-20d", 10, "-signer", "ca", "-ext", here);
    make(
        "neon",
        "CN=*." + NeonProxy.REGION,
        "-1d",
        90,
        "-signer",
        "ca",
        "-ext",
        "san=dns:*." + NeonProxy.REGION);
  }

  /** A root certificate, for sslrootcert. */
  Path root(String alias) {
    return write(alias + ".crt", "CERTIFICATE", bytes(alias, false));
  }

  /** A server's certificate and key in this folder, as ssl_cert_file and ssl_key_file want them. */
  void install(String alias, Path into) throws IOException {
    Files.copy(
        write(alias + ".crt", "CERTIFICATE", bytes(alias, false)), into.resolve("server.crt"));
    var key = into.resolve("server.key");
    Files.copy(write(alias + ".key", "PRIVATE KEY", bytes(alias, true)), key);
    // PostgreSQL refuses a key that others may read.
    Files.setPosixFilePermissions(
        key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
  }

  /** For a server of ours in Java: this certificate alone. */
  SSLContext serverContext(String alias) {
    try (var in = Files.newInputStream(store)) {
      var all = KeyStore.getInstance("PKCS12");
      all.load(in, PASSWORD.toCharArray());
      var one = KeyStore.getInstance("PKCS12");
      one.load(null, null);
      one.setKeyEntry(
          alias,
          all.getKey(alias, PASSWORD.toCharArray()),
          PASSWORD.toCharArray(),
          all.getCertificateChain(alias));
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(one, PASSWORD.toCharArray());
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void make(String alias, String name, String start, int days, String... more) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-startdate",
                start,
                "-validity",
                String.valueOf(days),
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
    command.addAll(Arrays.asList(more));
    Commands.run(command);
  }

  private byte[] bytes(String alias, boolean key) {
    try (var in = Files.newInputStream(store)) {
      var loaded = KeyStore.getInstance("PKCS12");
      loaded.load(in, PASSWORD.toCharArray());
      if (key) {
        return loaded.getKey(alias, PASSWORD.toCharArray()).getEncoded();
      }
      Certificate certificate = loaded.getCertificate(alias);
      return certificate.getEncoded();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path write(String file, String what, byte[] der) {
    var pem =
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END "
            + what
            + "-----\n";
    try {
      return Files.writeString(folder.resolve(file), pem);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
