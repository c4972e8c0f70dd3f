package io.tlengine.pgcheck.scenario.crash;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was sent to the database and what it answered, in a file on this machine that only this user
 * can read. Every entry is on the disk before the call that makes it returns: before a row is sent,
 * and before its acknowledgement counts.
 */
public final class Ledger implements AutoCloseable {

  /** What is known about one row. */
  enum Answer {
    ACKNOWLEDGED,
    /** The server said no: the row must not be there. */
    REFUSED,
    /** No answer, or a broken connection: it may be there or not. */
    UNDECIDED
  }

  /**
   * One row.
   *
   * @param hash SHA-256 of its content, in hexadecimal
   */
  record Entry(String id, String hash, Answer answer) {}

  private static final String SENT = "sent";

  private final Path file;
  private final FileOutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition flushed = lock.newCondition();
  private StringBuilder waiting = new StringBuilder();
  private long written;
  private long onDisk;
  private boolean flushing;
  private @Nullable IOException broken;

  private Ledger(Path file, FileOutputStream out) {
    this.file = file;
    this.out = out;
  }

  /** An empty one, in a temporary file that ends with the program. */
  public static Ledger create() {
    try {
      // createTempFile gives mode 0600 on POSIX systems.
      var file = Files.createTempFile("pgcheck-ledger", ".txt");
      file.toFile().deleteOnExit();
      return new Ledger(file, new FileOutputStream(file.toFile(), true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file() {
    return file;
  }

  /** Before the row is sent. */
  void sending(String id, String hash) {
    append(SENT + " " + id + " " + hash);
  }

  /** After the server's answer, or after it did not come. */
  void answered(String id, Answer answer) {
    append(answer.name() + " " + id);
  }

  /** One flush serves all writers that wait for it, as a server's group commit does. */
  private void append(String line) {
    lock.lock();
    try {
      waiting.append(line).append('\n');
      long mine = ++written;
      while (onDisk < mine) {
        if (broken != null) {
          throw new UncheckedIOException(broken);
        }
        if (flushing) {
          flushed.awaitUninterruptibly();
        } else {
          flush();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void flush() {
    flushing = true;
    var batch = waiting.toString().getBytes(StandardCharsets.UTF_8);
    waiting = new StringBuilder();
    long last = written;
    IOException failure = null;
    lock.unlock();
    try {
      // Not by a FileChannel: an interrupt of the thread would close it.
      out.write(batch);
      out.getFD().sync();
    } catch (IOException e) {
      failure = e;
    }
    lock.lock();
    flushing = false;
    broken = failure;
    onDisk = failure == null ? last : onDisk;
    flushed.signalAll();
  }

  /** What the file says, in the order in which the rows were sent. */
  List<Entry> read() {
    try {
      return parse(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A row that was sent and has no answer is undecided. */
  static List<Entry> parse(List<String> lines) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (var line : lines) {
      var words = line.split(" ", -1);
      if (words.length == 3 && words[0].equals(SENT)) {
        entries.put(words[1], new Entry(words[1], words[2], Answer.UNDECIDED));
      } else if (words.length == 2 && !words[0].equals(SENT)) {
        var answer = Answer.valueOf(words[0]);
        entries.computeIfPresent(words[1], (id, e) -> new Entry(id, e.hash(), answer));
      } else {
        throw new IllegalStateException("the ledger has a line of another form: " + line);
      }
    }
    return List.copyOf(entries.values());
  }

  @Override
  public void close() {
    try {
      out.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
