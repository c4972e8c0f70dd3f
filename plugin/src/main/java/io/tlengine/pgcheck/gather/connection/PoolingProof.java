package io.tlengine.pgcheck.gather.connection;

import io.tlengine.pgcheck.fact.Routes.Pooling;
import io.tlengine.pgcheck.gather.failure.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import org.postgresql.PGConnection;

/**
 * Finds out whether a pooler lends server processes by transaction. A server sends its process id
 * at the login (PostgreSQL, "Message Formats", BackendKeyData); a pooler sends one of its own, so
 * that a second connection is only needed where the two differ.
 */
final class PoolingProof {

  /** A pooler may have opened a second server connection while the first was busy with us. */
  private static final int ROUNDS = 3;

  private PoolingProof() {}

  /**
   * @param second another login by the same URL; empty when there is none to be had
   */
  static Pooling of(Connection first, Supplier<Optional<Connection>> second) {
    try {
      // An open transaction would keep the server process that is to be shared.
      first.setAutoCommit(true);
      if (first.unwrap(PGConnection.class).getBackendPID() == process(first)) {
        return new Pooling.None();
      }
      var other = second.get();
      if (other.isEmpty()) {
        return new Pooling.NotSeen("a second connection was refused");
      }
      try (var connection = other.get()) {
        for (int round = 0; round < ROUNDS; round++) {
          int process = process(connection);
          if (process == process(first)) {
            return new Pooling.ByTransaction(process);
          }
        }
      }
      return new Pooling.BySession();
    } catch (SQLException e) {
      return new Pooling.NotSeen("the connection ended: " + Failure.of(e));
    }
  }

  private static int process(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("select pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }
}
