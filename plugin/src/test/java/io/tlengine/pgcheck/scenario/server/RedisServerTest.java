package io.tlengine.pgcheck.scenario.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.scenario.pod.Shell;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is said to the script, and what is made of its answers. */
class RedisServerTest {

  private static final LabRows ROWS = LabRows.make(4);

  /** Keeps what MSET gets, as Redis would, and answers in the script's words. */
  private static final class Keys implements Shell {
    private final Map<String, String> all = new LinkedHashMap<>(Map.of("theirs", "stays"));
    private final List<String> commands = new ArrayList<>();
    private String refusal = "";
    private int code;

    @Override
    public Ran run(Duration timeout, List<String> command) {
      // sh -c TEXT redis-rows PORT VERB ARGUMENTS...
      commands.addAll(command.subList(4, command.size()));
      var words = command.subList(6, command.size());
      if (!refusal.isEmpty() || code != 0) {
        return code == 0 ? new Ran(0, refusal, "") : new Ran(code, "", refusal);
      }
      return switch (command.get(5)) {
        case "ping" -> new Ran(0, "PONG\n", "");
        case "write" -> {
          for (int i = 0; i < words.size(); i += 2) {
            all.put(words.get(i), words.get(i + 1));
          }
          yield new Ran(0, "OK\n", "");
        }
        case "remove" -> {
          all.keySet().removeIf(k -> k.startsWith(words.getFirst()));
          yield new Ran(0, "", "");
        }
        default -> {
          var text = new StringBuilder();
          new TreeMap<>(all)
              .forEach(
                  (k, v) -> {
                    if (k.startsWith(words.getFirst())) {
                      text.append("key ").append(k).append("\nvalue ").append(v).append('\n');
                    }
                  });
          yield new Ran(0, text.toString(), "");
        }
      };
    }
  }

  private final Keys keys = new Keys();

  private RedisServer open() throws ScenarioException, InterruptedException {
    return RedisServer.open(keys, "shop", "redis-0", 6380, Instant.now());
  }

  private List<RowSet> compared() throws ScenarioException, InterruptedException {
    return ROWS.compare(open().read());
  }

  @Test
  void whatWasWrittenIsReadAndRemovedAndNothingElseIs() throws Exception {
    var server = open();
    server.write(ROWS);

    assertTrue(compared().stream().allMatch(RowSet::intact), compared().toString());
    assertEquals("6380", keys.commands.getFirst());

    server.remove();
    assertEquals(Map.of("theirs", "stays"), keys.all);
  }

  @Test
  void aKeyThatIsGoneIsLostOneThatIsOtherIsAlteredOneMoreIsUnexpected() throws Exception {
    open().write(ROWS);
    keys.all.remove("pgcheck_lab:usuario:juan@example.com");
    keys.all.put("pgcheck_lab:usuario:maria@example.com", "Eve");
    keys.all.put("pgcheck_lab:more", "x");

    var usuarios = compared().getFirst();
    assertEquals(List.of("juan@example.com"), usuarios.lost());
    assertEquals(List.of("maria@example.com"), usuarios.altered());
    assertEquals(List.of("pgcheck_lab:more"), compared().getLast().unexpected());
  }

  @Test
  void anAnswerThatIsNoneIsNeverALoss() throws Exception {
    var server = open();
    server.write(ROWS);
    keys.refusal = "LOADING Redis is loading the dataset in memory";

    assertThrows(ScenarioException.class, server::read);
    keys.code = 1;
    keys.refusal = "Could not connect to Redis at 127.0.0.1:6380: Connection refused";
    var refusal = assertThrows(ScenarioException.class, server::read);
    assertTrue(refusal.getMessage().contains("Connection refused"), refusal.getMessage());
  }

  @Test
  void aReplicaOrAPasswordIsSaid() throws Exception {
    var server = open();
    keys.refusal = "READONLY You can't write against a read only replica.";
    var refusal = assertThrows(ScenarioException.class, () -> server.write(ROWS));
    assertTrue(refusal.getMessage().contains("READONLY"), refusal.getMessage());

    keys.refusal = "NOAUTH Authentication required.";
    assertTrue(
        assertThrows(ScenarioException.class, this::open).remedy().contains("REDISCLI_AUTH"));
  }
}
