package io.tlengine.pgcheck.gather.connection;

import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.TargetSession;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.postgresql.Driver;

/** Opens JDBC connections with the meaning that libpq gives to a URL. */
public final class Login {

  /** Starting up, shutting down: worth asking again (PostgreSQL, Appendix A, class 57). */
  private static final Set<String> RETRYABLE = Set.of("57P03", "57P01", "57P02");

  private static final Duration PAUSE = Duration.ofMillis(500);

  private Login() {}

  /** What a login ended in; the caller closes the connection. */
  record Answer(LoginAttempt attempt, Optional<Connection> connection) {}

  /** Opens a connection; the caller closes it. */
  public static Connection connect(DatabaseUrl url, Duration timeout) throws SQLException {
    return connect(url, properties(url, timeout));
  }

  /**
   * Logs in on an open connection. Asks again, on new ones, while the server says that it is
   * starting, until the time is up.
   *
   * @param again opens another connection to the same server; empty when it cannot
   */
  static Answer over(
      Socket open, Supplier<Optional<Socket>> again, DatabaseUrl url, Duration timeout) {
    long start = System.nanoTime();
    long deadline = start + timeout.toNanos();
    var socket = open;
    for (int attempt = 1; ; attempt++) {
      try {
        var connection = over(socket, url, timeout);
        return new Answer(
            new LoginAttempt.LoggedIn(
                connection.getMetaData().getDatabaseProductVersion(),
                ConnectionGatherer.millisSince(start)),
            Optional.of(connection));
      } catch (SQLException e) {
        Sockets.close(socket);
        var refused =
            new LoginAttempt.Refused(
                String.valueOf(e.getSQLState()),
                Failure.of(e),
                attempt,
                ConnectionGatherer.millisSince(start));
        if (!RETRYABLE.contains(refused.sqlState())
            || System.nanoTime() + PAUSE.toNanos() >= deadline) {
          return new Answer(refused, Optional.empty());
        }
        LockSupport.parkNanos(PAUSE.toNanos());
        var next = again.get();
        if (next.isEmpty()) {
          return new Answer(refused, Optional.empty());
        }
        socket = next.get();
      }
    }
  }

  /** TLS has been negotiated already, so the driver is told not to. */
  private static Connection over(Socket socket, DatabaseUrl url, Duration timeout)
      throws SQLException {
    var properties = properties(url, timeout);
    properties.setProperty("sslmode", "disable");
    properties.remove("sslNegotiation");
    properties.setProperty("socketFactory", Sockets.Handed.class.getName());
    // With a login timeout the driver would connect in a thread of its own, outside of the scope;
    // the socket timeout ends each wait for the server.
    properties.setProperty("loginTimeout", "0");
    properties.remove("targetServerType");
    // One message and one answer for each statement.
    properties.setProperty("preferQueryMode", "simple");
    return ScopedValue.where(Sockets.Handed.SOCKET, socket).call(() -> connect(url, properties));
  }

  private static Connection connect(DatabaseUrl url, Properties properties) throws SQLException {
    var servers =
        url.endpoints().stream()
            .map(
                e ->
                    (e.address().contains(":") ? "[" + e.address() + "]" : e.address())
                        + ":"
                        + e.port())
            .toList();
    var connection =
        new Driver().connect("jdbc:postgresql://" + String.join(",", servers) + "/", properties);
    if (connection == null) {
      throw new SQLException("the driver does not take this address", "08001");
    }
    return connection;
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
    properties.setProperty("targetServerType", kind(url.targetSession()));
    var roots = url.parameters().get("sslrootcert");
    if (roots != null && !roots.equals("system")) {
      properties.setProperty("sslrootcert", roots);
    } else if (url.sslMode().verifiesChain()) {
      // The driver's own factory would look for a file in the user's home.
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    return properties;
  }

  private static String kind(TargetSession session) {
    return switch (session) {
      case ANY -> "any";
      case READ_WRITE, PRIMARY -> "primary";
      case READ_ONLY, STANDBY -> "secondary";
      case PREFER_STANDBY -> "preferSecondary";
    };
  }

  private static void copy(DatabaseUrl url, String from, Properties to, String name) {
    var value = url.parameters().get(from);
    if (value != null) {
      to.setProperty(name, value);
    }
  }
}
