package io.tlengine.pgcheck.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory with room for a few files: what the kernel says when it is full. */
public final class TinyVolume implements AutoCloseable {

  private final Path folder;
  private final Thread atExit = new Thread(this::unmount);

  private TinyVolume(Path folder) {
    this.folder = folder;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Mounting takes root, as the tests' run in CI has it. */
  public static boolean possible() {
    return ServerUser.isRoot();
  }

  /**
   * @param files that fit, folders among them
   */
  public static TinyVolume mount(int files) {
    try {
      var volume = new TinyVolume(Files.createTempDirectory("pgcheck-tiny"));
      Commands.run(
          List.of(
              "mount",
              "-t",
              "tmpfs",
              "-o",
              "size=1m,nr_inodes=" + files,
              "pgcheck-tiny",
              volume.folder.toString()));
      ServerUser.own(volume.folder);
      return volume;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path folder() {
    return folder;
  }

  public void grow(int files) {
    Commands.run(List.of("mount", "-o", "remount,nr_inodes=" + files, folder.toString()));
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    unmount();
  }

  private void unmount() {
    Commands.run(List.of("umount", "--lazy", folder.toString()));
    Commands.run(List.of("rmdir", folder.toString()));
  }
}
