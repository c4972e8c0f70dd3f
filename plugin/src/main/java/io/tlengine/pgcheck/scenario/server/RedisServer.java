package io.tlengine.pgcheck.scenario.server;

import io.tlengine.pgcheck.scenario.pod.Shell;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.LabRows.Usuario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Redis in a pod, by the pod's own redis-cli. Each row is a key with a prefix of our own. */
public final class RedisServer implements LabServer {

  /** All our keys begin with it, and nothing else is written or deleted. */
  public static final String PREFIX = LabSchema.NAME + ":";

  private static final String USUARIO = PREFIX + "usuario:";
  private static final String RANDOM = PREFIX + "random:";
  private static final String KEY = "key ";
  private static final String VALUE = "value ";
  private static final Duration COMMAND = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final Shell shell;
  private final String namespace;
  private final String pod;
  private final String port;

  private RedisServer(Shell shell, String namespace, String pod, int port) {
    this.shell = shell;
    this.namespace = namespace;
    this.pod = pod;
    this.port = String.valueOf(port);
  }

  /**
   * Asks until it answers: while it loads its file it says LOADING.
   *
   * @throws ScenarioException when the deadline has passed, with its last answer
   */
  public static RedisServer open(
      Shell shell, String namespace, String pod, int port, Instant deadline)
      throws ScenarioException, InterruptedException {
    var server = new RedisServer(shell, namespace, pod, port);
    while (true) {
      var answer = server.answer("ping");
      if (answer.equals("PONG")) {
        return server;
      }
      if (answer.startsWith("NOAUTH") || Instant.now().plus(PAUSE).isAfter(deadline)) {
        throw new ScenarioException(
            "Redis in " + pod + " does not answer: " + answer,
            answer.startsWith("NOAUTH")
                ? "give its container the password as REDISCLI_AUTH (or REDIS_PASSWORD), which its"
                    + " own redis-cli reads"
                : "kubectl logs " + pod + " -n " + namespace);
      }
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    }
  }

  /** For somebody whose write was refused. */
  public static String whoReplicates(String namespace, String pod) {
    return "kubectl exec "
        + pod
        + " -n "
        + namespace
        + " -- redis-cli INFO replication (a replica takes no writes)";
  }

  /** Its replication ID is a new one after every start. */
  @Override
  public Optional<String> systemIdentifier() {
    return Optional.empty();
  }

  @Override
  public void write(LabRows rows) throws ScenarioException, InterruptedException {
    remove();
    var words = new ArrayList<String>();
    for (var usuario : rows.usuarios()) {
      words.addAll(List.of(USUARIO + usuario.email(), usuario.nombre()));
    }
    rows.randomRows().forEach((id, payload) -> words.addAll(List.of(RANDOM + id, payload)));
    var answer = answer("write", words.toArray(String[]::new));
    if (!answer.equals("OK")) {
      throw new ScenarioException(
          "the keys could not be written in " + pod + ": " + answer, whoReplicates(namespace, pod));
    }
  }

  @Override
  public LabRows read() throws ScenarioException, InterruptedException {
    var usuarios = new ArrayList<Usuario>();
    var random = new LinkedHashMap<String, String>();
    var lines = done("read", PREFIX).lines().toList();
    for (int i = 0; i < lines.size(); i += 2) {
      if (i + 1 == lines.size() || !lines.get(i).startsWith(KEY + PREFIX)) {
        throw unanswered(lines.get(i));
      }
      var key = lines.get(i).substring(KEY.length());
      var value = lines.get(i + 1).substring(VALUE.length());
      if (key.startsWith(USUARIO)) {
        usuarios.add(new Usuario(value, key.substring(USUARIO.length())));
      } else {
        random.put(key.startsWith(RANDOM) ? key.substring(RANDOM.length()) : key, value);
      }
    }
    return new LabRows(usuarios, random);
  }

  @Override
  public Optional<String> others() throws ScenarioException, InterruptedException {
    var keys = done("others", PREFIX);
    return keys.equals("0")
        ? Optional.empty()
        : Optional.of(keys + (keys.equals("1") ? " key" : " keys"));
  }

  @Override
  public void remove() throws ScenarioException, InterruptedException {
    done("remove", PREFIX);
  }

  private String done(String verb, String argument) throws ScenarioException, InterruptedException {
    var ran = run(verb, argument);
    if (ran.code() != 0) {
      throw unanswered(ran.err().strip());
    }
    return ran.out().strip();
  }

  private ScenarioException unanswered(String answer) {
    return new ScenarioException(
        "Redis in " + pod + " did not answer: " + answer,
        "kubectl logs " + pod + " -n " + namespace + "; run again");
  }

  private String answer(String verb, String... arguments)
      throws ScenarioException, InterruptedException {
    var ran = run(verb, arguments);
    return ran.out().isBlank() ? ran.err().strip() : ran.out().strip();
  }

  private Shell.Ran run(String verb, String... arguments)
      throws ScenarioException, InterruptedException {
    var words = new ArrayList<>(List.of(port, verb));
    words.addAll(List.of(arguments));
    return shell.script(COMMAND, "redis-rows", words.toArray(String[]::new));
  }

  @Override
  public void close() {
    // Each command has a connection of its own.
  }
}
