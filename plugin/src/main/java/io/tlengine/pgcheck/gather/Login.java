package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.Driver;

/** Opens JDBC connections with the meaning that libpq gives to a URL. */
public final class Login {

  /** Starting up, shutting down: worth asking again (PostgreSQL, Appendix A, class 57). */
  private static final Set<String> RETRYABLE = Set.of("57P03", "57P01", "57P02");

  private static final Duration PAUSE = Duration.ofMillis(500);

  private Login() {}

  /** Opens a connection; the caller closes it. */
  public static Connection connect(DatabaseUrl url, Duration timeout) throws SQLException {
    var host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
    var connection =
        new Driver()
            .connect(
                "jdbc:postgresql://" + host + ":" + url.port() + "/", properties(url, timeout));
    if (connection == null) {
      throw new SQLException("the driver does not take this address", "08001");
    }
    return connection;
  }

  static LoginAttempt tryOnce(DatabaseUrl url, Duration timeout) {
    long start = System.nanoTime();
    long deadline = start + timeout.toNanos();
    for (int attempt = 1; ; attempt++) {
      try (var connection = connect(url, timeout)) {
        return new LoginAttempt.LoggedIn(
            connection.getMetaData().getDatabaseProductVersion(),
            ConnectionGatherer.millisSince(start));
      } catch (SQLException e) {
        boolean again =
            RETRYABLE.contains(String.valueOf(e.getSQLState()))
                && System.nanoTime() + PAUSE.toNanos() < deadline;
        if (!again) {
          return new LoginAttempt.Refused(
              String.valueOf(e.getSQLState()),
              Failure.of(e),
              attempt,
              ConnectionGatherer.millisSince(start));
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** libpq's names are not pgjdbc's, and pgjdbc ignores the ones it does not know. */
  private static Properties properties(DatabaseUrl url, Duration timeout) {
    var properties = new Properties();
    properties.setProperty("user", url.user());
    properties.setProperty("password", url.password());
    properties.setProperty("PGDBNAME", url.database());
    properties.setProperty("ApplicationName", "pgcheck");
    properties.setProperty("sslmode", url.sslMode().text());
    properties.setProperty("gssEncMode", "disable");
    var seconds = String.valueOf(Math.max(1, timeout.toSeconds()));
    properties.setProperty("connectTimeout", seconds);
    properties.setProperty("loginTimeout", seconds);
    properties.setProperty("socketTimeout", seconds);
    copy(url, "channel_binding", properties, "channelBinding");
    copy(url, "sslnegotiation", properties, "sslNegotiation");
    copy(url, "options", properties, "options");
    var roots = url.parameters().get("sslrootcert");
    if (roots != null && !roots.equals("system")) {
      properties.setProperty("sslrootcert", roots);
    } else if (url.sslMode().verifiesChain()) {
      // The driver's own factory would look for a file in the user's home.
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    return properties;
  }

  private static void copy(DatabaseUrl url, String from, Properties to, String name) {
    var value = url.parameters().get(from);
    if (value != null) {
      to.setProperty(name, value);
    }
  }
}
