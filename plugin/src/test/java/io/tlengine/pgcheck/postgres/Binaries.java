package io.tlengine.pgcheck.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;

/** PostgreSQL's programs, unpacked once from the jars that the build put beside them. */
final class Binaries {

  private Binaries() {}

  /**
   * @return the folder with bin/ and lib/
   */
  static Path of(int major, Path temporary) {
    var jars = Path.of(System.getProperty("pgcheck.postgresql", "target/postgresql"));
    try {
      var kept = unpacked(jars, major, jars.toAbsolutePath().resolve(String.valueOf(major)));
      // A checkout below /root cannot be entered by the servers' user.
      return ServerUser.canRun(kept.resolve("bin/postgres"))
          ? kept
          : unpacked(jars, major, temporary.resolve("postgresql-" + major));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path unpacked(Path jars, int major, Path folder) throws IOException {
    var done = folder.resolve("unpacked");
    if (Files.exists(done)) {
      return folder;
    }
    Files.createDirectories(folder);
    var archive = folder.resolve("postgresql.txz");
    try (var jar = new ZipFile(jars.resolve("postgresql-" + major + ".jar").toFile())) {
      var entry = jar.stream().filter(e -> e.getName().endsWith(".txz")).findFirst().orElseThrow();
      try (var in = jar.getInputStream(entry)) {
        Files.copy(in, archive);
      }
    }
    Commands.run(List.of("tar", "-xJf", archive.toString(), "-C", folder.toString()));
    Files.delete(archive);
    // Last: an interrupted run begins again.
    Files.createFile(done);
    return folder;
  }
}
