package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.PodNames;
import io.tlengine.pgcheck.fact.PodNames.Answer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamesAreStableCheckTest {

  private static final String NAME = "db-0.db-headless.shop.svc";

  private static Answer answer(
      boolean after, String own, List<String> dns, Optional<String> server, boolean askable) {
    return new Answer(
        "db-0",
        NAME,
        after,
        "db-1",
        List.of(own),
        dns,
        server,
        server.isEmpty() ? Optional.of("could not translate host name") : Optional.empty(),
        askable,
        120);
  }

  private static Answer right(boolean after, String own) {
    return answer(after, own, List.of(own), Optional.of(own), true);
  }

  private static Outcome judge(Answer... answers) {
    return Namespaced.judge(
        new NamesAreStableCheck(), FactKey.POD_NAMES, new PodNames("shop", List.of(answers)));
  }

  @Test
  void aNameThatFollowsItsPodPasses() {
    assertEquals(
        "1 name leads to its pod, before and after the restart; the new address was known at most"
            + " 120 ms after the pod was ready. Level: pod deleted",
        passed(judge(right(false, "10.1.0.5"), right(true, "10.1.0.9"))).get("summary"));
  }

  @Test
  void aNameThatStillLeadsToTheOldAddressFails() {
    var stale = answer(true, "10.1.0.9", List.of("10.1.0.5"), Optional.of("10.1.0.5"), true);
    var finding = onlyFinding(judge(right(false, "10.1.0.5"), stale));

    assertEquals(
        "the name "
            + NAME
            + " leads to 10.1.0.5 after the pod's restart; wanted: the pod's own address 10.1.0.9",
        finding.message());
    assertTrue(finding.remedy().contains("kubernetes.io/service-name=db-headless -n shop "));
  }

  @Test
  void aRightAddressWhereAnotherServerAnswersFails() {
    onlyFinding(
        judge(answer(false, "10.1.0.5", List.of("10.1.0.5"), Optional.of("10.1.0.7"), true)));
  }

  @Test
  void aNameThatDoesNotResolveFails() {
    var finding = onlyFinding(judge(answer(false, "10.1.0.5", List.of(), Optional.empty(), true)));

    assertTrue(finding.message().contains(NAME + " does not resolve"), finding::message);
    assertEquals("could not translate host name", finding.detail());
  }

  @Test
  void aSecondAddressBehindTheNameFails() {
    onlyFinding(
        judge(
            answer(
                false,
                "10.1.0.5",
                List.of("10.1.0.5", "10.1.0.6"),
                Optional.of("10.1.0.5"),
                true)));
  }

  @Test
  void whereNothingCanAskItIsUnknown() {
    unknown(judge(answer(false, "10.1.0.5", List.of(), Optional.empty(), false)));
    unknown(judge());
  }
}
