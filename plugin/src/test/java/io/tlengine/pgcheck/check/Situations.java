package io.tlengine.pgcheck.check;

import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.Certificate;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.Target;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.Trust;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.InstallCommand;
import io.tlengine.pgcheck.fact.OtherDatabases;
import io.tlengine.pgcheck.fact.Vantage;
import io.tlengine.pgcheck.plan.SslMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Situations as facts, each a small change to one in which everything is well. */
public final class Situations {

  public static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  public static final String SOURCE = "Secret/postgresql-secret key DATABASE_URL";
  public static final String PUBLIC_ADDRESS = "203.0.113.7";
  public static final String PRIVATE_ADDRESS = "10.0.0.7";
  public static final InstallCommand INSTALL =
      new InstallCommand("tl", "shop", "charts/tl-engine", List.of("-f", "my values.yaml"), true);

  private Situations() {}

  /** What a check says to one fact. */
  public static <T> Outcome judge(Check check, FactKey<T> key, T value) {
    return check.evaluate(facts(key, value).view(check.facts()));
  }

  public static <T> Facts facts(FactKey<T> key, T value) {
    return new Facts(NOW, Map.of())
        .with(FactKey.OTHER_DATABASES, Fact.known(new OtherDatabases(List.of())))
        .with(FactKey.INSTALL_COMMAND, Fact.known(INSTALL))
        .with(key, Fact.known(value));
  }

  /** A login with sslmode=verify-full that succeeds. */
  public static Connection connection() {
    return new Connection();
  }

  public static PortAttempt attempt(String address, PortResult result) {
    boolean isPrivate = address.startsWith("10.") || address.startsWith("127.");
    return new PortAttempt(
        address, isPrivate, result, result == PortResult.NO_ROUTE ? "no IPv6" : "", 5);
  }

  /** A certificate of 90 days, with this much of it left. */
  public static Certificate certificate(Duration left) {
    return new Certificate(
        "CN=db.example.com",
        "CN=Example CA",
        List.of("db.example.com"),
        NOW.plus(left).minus(Duration.ofDays(90)),
        NOW.plus(left),
        new Trust.Trusted(),
        "the system's roots",
        true);
  }

  public static Certificate certificate() {
    return certificate(Duration.ofDays(60));
  }

  public static Certificate untrusted(Certificate certificate, Trust trust) {
    return new Certificate(
        certificate.subject(),
        certificate.issuer(),
        certificate.names(),
        certificate.notBefore(),
        certificate.notAfter(),
        trust,
        certificate.roots(),
        certificate.namesHost());
  }

  public static Certificate naming(Certificate certificate, List<String> names) {
    return new Certificate(
        certificate.subject(),
        certificate.issuer(),
        names,
        certificate.notBefore(),
        certificate.notAfter(),
        certificate.trust(),
        certificate.roots(),
        false);
  }

  /** Collects what differs; a stage that did not succeed leaves the later ones empty. */
  public static final class Connection {
    private String host = "db.example.com";
    private SslMode sslMode = SslMode.VERIFY_FULL;
    private boolean channelBinding = false;
    private Optional<Duration> connectTimeout = Optional.empty();
    private Vantage seenFrom = Vantage.HERE;
    private NameLookup name = new NameLookup.Resolved(List.of(PUBLIC_ADDRESS), false, 3);
    private Optional<List<PortAttempt>> port =
        Optional.of(List.of(attempt(PUBLIC_ADDRESS, PortResult.ACCEPTED)));
    private Optional<TlsAttempt> tls =
        Optional.of(
            new TlsAttempt.Encrypted(
                "TLSv1.3", "TLS_AES_256_GCM_SHA384", Situations.certificate(), 9));
    private Optional<LoginAttempt> login = Optional.of(new LoginAttempt.LoggedIn("17.7", 21));

    private Connection() {}

    public Connection host(String value) {
      host = value;
      return this;
    }

    public Connection sslMode(SslMode value) {
      sslMode = value;
      return this;
    }

    public Connection channelBinding() {
      channelBinding = true;
      return this;
    }

    public Connection seenFromCluster() {
      seenFrom = Vantage.CLUSTER;
      return this;
    }

    public Connection connectTimeout(Duration value) {
      connectTimeout = Optional.of(value);
      return this;
    }

    public Connection name(NameLookup value) {
      name = value;
      if (!(value instanceof NameLookup.Resolved)) {
        port = Optional.empty();
        tls = Optional.empty();
        login = Optional.empty();
      }
      return this;
    }

    public Connection port(PortAttempt... attempts) {
      port = Optional.of(List.of(attempts));
      if (port.get().stream().noneMatch(a -> a.result() == PortResult.ACCEPTED)) {
        tls = Optional.empty();
        login = Optional.empty();
      }
      return this;
    }

    public Connection tls(TlsAttempt value) {
      tls = Optional.of(value);
      if (value instanceof TlsAttempt.NotPostgres || value instanceof TlsAttempt.Broken) {
        login = Optional.empty();
      }
      return this;
    }

    public Connection certificate(Certificate value) {
      return tls(new TlsAttempt.Encrypted("TLSv1.3", "TLS_AES_256_GCM_SHA384", value, 9));
    }

    public Connection login(LoginAttempt value) {
      login = Optional.of(value);
      return this;
    }

    public Connection notLoggedIn() {
      login = Optional.empty();
      return this;
    }

    public ConnectionFacts facts() {
      return new ConnectionFacts(
          new Target(
              SOURCE,
              host,
              5432,
              "engine",
              "app",
              sslMode,
              channelBinding,
              connectTimeout,
              seenFrom),
          name,
          port,
          tls,
          login);
    }
  }
}
