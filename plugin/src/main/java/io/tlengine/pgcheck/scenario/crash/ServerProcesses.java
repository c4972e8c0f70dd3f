package io.tlengine.pgcheck.scenario.crash;

import io.tlengine.pgcheck.scenario.pod.Shell;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The server's processes, seen from inside its container. */
final class ServerProcesses {

  static final String CHECKPOINTER = "checkpointer";
  static final String WAL_WRITER = "walwriter";

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** A server's own children call themselves so; others (a script beside it) do not. */
  private static final String TITLE = "postgres";

  private final Shell shell;

  ServerProcesses(Shell shell) {
    this.shell = shell;
  }

  /**
   * The processes at one time.
   *
   * @param server the process id of the server itself, in its container
   * @param children the titles of its children, by process id
   */
  record Listing(String server, Map<String, String> children) {

    Listing {
      children = Map.copyOf(children);
    }

    /** The one child whose title has this word, such as {@link #CHECKPOINTER}. */
    Optional<String> child(String word) {
      return children.entrySet().stream()
          .filter(e -> e.getValue().contains(word))
          .map(Map.Entry::getKey)
          .findFirst();
    }

    /**
     * A crash ends every child, a single kill without one does not: after it the server is the same
     * and none of its helpers is.
     */
    boolean allReplacedIn(Listing later) {
      var helper = child(CHECKPOINTER);
      return helper.isPresent()
          && server.equals(later.server)
          && later.child(CHECKPOINTER).isPresent()
          && !later.children.containsKey(helper.get());
    }
  }

  /**
   * @param backend pg_backend_pid() of a connection that is open now
   */
  Listing list(int backend) throws ScenarioException, InterruptedException {
    var ran = shell.script(TIMEOUT, "server-children", String.valueOf(backend));
    if (ran.code() != 0) {
      throw new ScenarioException(
          "the server's processes cannot be seen in its container: " + ran.err().strip(),
          "a process of another container is not killed; do both share one process namespace?");
    }
    return parse(ran.out());
  }

  static Listing parse(String text) {
    var server = "";
    var children = new LinkedHashMap<String, String>();
    for (var line : text.lines().toList()) {
      var words = line.split(" ", 3);
      if (words.length == 2 && words[0].equals("server")) {
        server = words[1];
      } else if (words.length == 3 && words[0].equals("child") && words[2].startsWith(TITLE)) {
        children.put(words[1], words[2].strip());
      }
    }
    return new Listing(server, children);
  }

  /**
   * SIGKILL to one child.
   *
   * @throws ScenarioException when nothing was killed
   */
  void kill(Listing listing, String process) throws ScenarioException, InterruptedException {
    var ran = shell.script(TIMEOUT, "server-kill", process, listing.server());
    if (ran.code() != 0) {
      throw new ScenarioException(
          "nothing was killed: " + ran.err().strip(),
          "the container's user must be the server's, or root");
    }
  }
}
