package io.tlengine.pgcheck.postgres;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who the servers run as: PostgreSQL refuses root, so root becomes nobody. */
final class ServerUser {

  private static final String NOBODY = "65534";

  private ServerUser() {}

  /** The command as the servers' user; it becomes that program, so signals reach it. */
  static List<String> as(String... command) {
    var words = new ArrayList<String>();
    if (isRoot()) {
      words.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    words.addAll(List.of(command));
    return words;
  }

  /** Gives a folder to the servers' user. */
  static void own(Path folder) {
    if (isRoot()) {
      Commands.run(List.of("chown", "-R", NOBODY + ":" + NOBODY, folder.toString()));
    }
  }

  static boolean canRun(Path program) {
    try {
      Commands.run(as(program.toString(), "--version"));
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
