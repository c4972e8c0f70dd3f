package io.tlengine.pgcheck.gather.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary file that only this user can read, and that goes away with its scope. */
final class PrivateFile implements AutoCloseable {

  private final Path path;

  private PrivateFile(Path path) {
    this.path = path;
  }

  static PrivateFile holding(String text) {
    try {
      // createTempFile gives mode 0600 on POSIX systems.
      var path = Files.createTempFile("pgcheck", ".yaml");
      path.toFile().deleteOnExit();
      Files.writeString(path, text);
      return new PrivateFile(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String path() {
    return path.toString();
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
