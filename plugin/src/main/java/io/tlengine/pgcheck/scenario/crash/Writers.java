package io.tlengine.pgcheck.scenario.crash;

import io.tlengine.pgcheck.scenario.crash.Ledger.Answer;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Several connections that write one row after another, each with one in flight, until they break
 * or are stopped. Nothing is tried again: whether a row is there after all is for the reading to
 * say.
 */
final class Writers implements AutoCloseable {

  private static final int PAYLOAD_BYTES = 64;
  static final String INSERT = "INSERT INTO pgcheck_lab.ledger (id, payload) VALUES (?, ?)";

  /** Classes of SQLSTATE behind which the row may be there (PostgreSQL, Appendix A). */
  private static final Set<String> UNDECIDED_CLASSES = Set.of("08", "57", "58", "XX");

  private static final String COMPLETION_UNKNOWN = "40003";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Ledger ledger;
  private final List<Connection> connections;
  private final CountDownLatch ended;
  private final ConcurrentLinkedQueue<Long> acknowledgements = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  private Writers(Ledger ledger, List<Connection> connections) {
    this.ledger = ledger;
    this.connections = List.copyOf(connections);
    this.ended = new CountDownLatch(connections.size());
  }

  /** Begins to write; the connections are closed at the end. */
  static Writers start(Ledger ledger, List<Connection> connections) {
    var writers = new Writers(ledger, connections);
    for (var connection : writers.connections) {
      Thread.ofVirtual().start(() -> writers.write(connection));
    }
    return writers;
  }

  private void write(Connection connection) {
    try (var insert = connection.prepareStatement(INSERT)) {
      while (!stopped && writeRow(insert, ledger)) {
        acknowledgements.add(System.nanoTime());
      }
    } catch (SQLException | RuntimeException e) {
      troubles.add(String.valueOf(e.getMessage()));
    } finally {
      ended.countDown();
    }
  }

  /**
   * One row.
   *
   * @return whether it was acknowledged as one row; anything else is not
   * @throws SQLException when the server refused it or the connection broke
   */
  static boolean writeRow(PreparedStatement insert, Ledger ledger) throws SQLException {
    var id = UUID.randomUUID();
    var bytes = new byte[PAYLOAD_BYTES];
    RANDOM.nextBytes(bytes);
    var payload = HexFormat.of().formatHex(bytes);
    ledger.sending(id.toString(), Settlement.hash(payload));
    try {
      insert.setObject(1, id);
      insert.setString(2, payload);
      boolean one = insert.executeUpdate() == 1;
      // Whoever swallows an error in between reports no row.
      ledger.answered(id.toString(), one ? Answer.ACKNOWLEDGED : Answer.UNDECIDED);
      return one;
    } catch (SQLException e) {
      ledger.answered(id.toString(), answer(e));
      throw e;
    }
  }

  private static Answer answer(SQLException e) {
    return undecided(e) ? Answer.UNDECIDED : Answer.REFUSED;
  }

  /** Whether the row may be there in spite of this answer. */
  static boolean undecided(SQLException e) {
    var state = e.getSQLState();
    return state == null
        || state.length() < 2
        || state.equals(COMPLETION_UNKNOWN)
        || UNDECIDED_CLASSES.contains(state.substring(0, 2));
  }

  int acknowledged() {
    return acknowledgements.size();
  }

  /** Of these, until a System.nanoTime() that is past. */
  long acknowledgedUntil(long nanos) {
    return acknowledgements.stream().filter(t -> t <= nanos).count();
  }

  /** System.nanoTime() of each acknowledgement so far, in order. */
  List<Long> acknowledgements() {
    return acknowledgements.stream().sorted().toList();
  }

  /** What the connections said when they broke. */
  List<String> troubles() {
    return new ArrayList<>(troubles);
  }

  /** Waits until no connection writes any more. */
  boolean awaitEnd(long millis) throws InterruptedException {
    return ended.await(millis, TimeUnit.MILLISECONDS);
  }

  boolean running() {
    return ended.getCount() > 0;
  }

  @Override
  public void close() {
    stopped = true;
    for (var connection : connections) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        // It is broken already.
      }
    }
  }
}
