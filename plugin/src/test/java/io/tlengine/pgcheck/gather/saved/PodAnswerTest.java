package io.tlengine.pgcheck.gather.saved;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.ClusterDns;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.saved.PodAnswer.Answer;
import io.tlengine.pgcheck.plan.Migrations;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import io.tlengine.pgcheck.plan.UrlRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PodAnswerTest {

  private static final String MARK = "pgcheck-look-1a2b";
  private static final Facts FACTS =
      new Facts(Instant.parse("2026-11-22T10:00:00Z"), Map.of())
          .with(
              FactKey.CLUSTER_DNS,
              Fact.known(
                  new ClusterDns(
                      "kubernetes.default.svc",
                      new NameLookup.Resolved(noise(), false, 3),
                      "ClusterFirst")));

  /** Text that does not compress, so that the answer takes several lines. */
  private static List<String> noise() {
    var random = new Random(7);
    return IntStream.range(0, 1500).mapToObj(i -> Long.toHexString(random.nextLong())).toList();
  }

  private static List<String> lines() {
    var lines = PodAnswer.lines(MARK, new SavedFacts("1", "", "", "", "", FACTS));
    assertTrue(lines.size() > 2, () -> lines.size() + " lines");
    return lines;
  }

  private static Answer read(List<String> lines) {
    return PodAnswer.read(MARK, String.join("\n", lines) + "\n");
  }

  private static String why(List<String> lines) {
    return assertInstanceOf(Answer.Unusable.class, read(lines)).why();
  }

  @Test
  void factsComeBackAsTheyWere() {
    assertEquals(new Answer.Complete(FACTS), read(lines()));
  }

  @Test
  void otherLinesOfTheLogDoNoHarm() {
    var log = new ArrayList<String>();
    log.add("Picked up JAVA_TOOL_OPTIONS: -Dx=1");
    for (var line : lines()) {
      log.add("WARNING: something between");
      log.add(line);
      log.add("pgcheck-look-other 1/9 AAAA");
    }
    log.add("sidecar: bye");

    assertEquals(new Answer.Complete(FACTS), read(log));
  }

  @Test
  void aLogThatWasCutOffIsNoAnswer() {
    var lines = lines();

    assertEquals(
        "the answer in the pod's log is cut off after 2 of " + lines.size() + " lines",
        why(lines.subList(0, 2)));
    assertEquals("the pod's log holds no answer", why(List.of("no such command: look")));
  }

  @Test
  void aDamagedAnswerIsNoAnswer() {
    var lines = new ArrayList<>(lines());
    lines.set(1, lines.get(1).substring(0, 200));

    assertEquals("the answer in the pod's log is damaged", why(lines));
  }

  @Test
  void aMissingLineInTheMiddleIsNoticed() {
    var lines = new ArrayList<>(lines());
    lines.remove(1);

    assertTrue(why(lines).startsWith("the answer in the pod's log is cut off after 1 of "));
  }

  @Test
  void anOrderComesToThePodAsItWasGiven() {
    var source = new UrlSource(UrlRole.RUNTIME, "Deployment/e", "DATABASE_URL", "pg", "url");
    var order =
        new LookOrder(
            MARK,
            List.of(source),
            Optional.of(new Migrations(source, Optional.of("Job/m"))),
            List.of(FactKey.CONNECTION.name(), FactKey.ROUTES.name()),
            "None",
            15_000);

    assertEquals(order, LookOrder.parse(order.json()));
    assertEquals(
        List.of("connection", "routes"),
        order.keys().stream().map(FactKey::name).sorted().collect(Collectors.toList()));
  }
}
