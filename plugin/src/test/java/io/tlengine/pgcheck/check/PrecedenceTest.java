package io.tlengine.pgcheck.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrecedenceTest {

  private static final Outcome PASSED = new Outcome.Passed(Map.of());

  private static CheckResult answer(String code, Outcome outcome) {
    return new CheckResult(
        new CheckInfo(code, "a-slug", Severity.ERROR, "a summary"), outcome, Optional.empty(), 1);
  }

  private static Outcome error(String... details) {
    return new Outcome.Failed(
        Arrays.stream(details)
            .map(d -> Finding.error("Pod/x", "it is refused", d, "mend it"))
            .toList(),
        Map.of());
  }

  private static Outcome outcome(CheckResult... answers) {
    return Precedence.apply(Arrays.asList(answers)).getLast().outcome();
  }

  @Test
  void whatFollowsFromAnotherFaultIsSkippedAndNamesIt() {
    assertEquals(
        new Outcome.Skipped("follows from PGC-506"),
        outcome(answer("PGC-506", error("")), answer("PGC-105", error(""))));
  }

  @Test
  void aFullServerIsTheBudgetsMatterInTheServersOrAPoolersWords() {
    for (var said : List.of("(SQLSTATE 53300)", "no more connections allowed (SQLSTATE 08P01)")) {
      assertEquals(
          new Outcome.Skipped("follows from PGC-501"),
          outcome(answer("PGC-501", error("")), answer("PGC-105", error(said))));
    }
    assertInstanceOf(
        Outcome.Failed.class,
        outcome(answer("PGC-501", error("")), answer("PGC-105", error("(SQLSTATE 28P01)"))));
    assertEquals(
        new Outcome.Skipped("follows from PGC-507"),
        outcome(answer("PGC-507", error("")), answer("PGC-107", error("(SQLSTATE 53100)"))));
  }

  @Test
  void whatAPodCouldNotReachFollowsFromPoliciesAndDns() {
    for (var cause : List.of("PGC-310", "PGC-307")) {
      assertEquals(
          new Outcome.Skipped("follows from " + cause),
          outcome(
              answer(cause, error("")),
              answer(
                  "PGC-101",
                  new Outcome.Unknown("the resolver did not answer for db", "see PGC-307"))));
    }
    var fromPod =
        new Outcome.Failed(
            List.of(Finding.error("db", "nothing accepts a connection from a pod", "", "mend it")),
            Map.of());

    assertEquals(
        new Outcome.Skipped("follows from PGC-310"),
        outcome(answer("PGC-310", error("")), answer("PGC-102", fromPod)));
    // Seen from this machine it is another fault: the policy is the pods'.
    assertInstanceOf(
        Outcome.Failed.class,
        outcome(answer("PGC-310", error("")), answer("PGC-102", error("refused"))));
  }

  @Test
  void whatFollowsFromWhatFollowsNamesTheRoot() {
    assertEquals(
        new Outcome.Skipped("follows from PGC-506"),
        outcome(
            answer("PGC-506", error("")),
            answer("PGC-105", error("")),
            answer("PGC-502", new Outcome.Unknown("nobody logged in", "see PGC-105"))));
  }

  /** 501 explains the login, and the login must not explain 501 away. */
  @Test
  void twoThatExplainEachOtherDoNotBothVanish() {
    assertInstanceOf(
        Outcome.Failed.class,
        outcome(answer("PGC-105", error("(SQLSTATE 53300)")), answer("PGC-501", error(""))));
  }

  @Test
  void aWarningOrAPassExplainsNothing() {
    var warning =
        new Outcome.Failed(List.of(Finding.warning("Pod/x", "odd", "", "look at it")), Map.of());

    assertInstanceOf(
        Outcome.Failed.class, outcome(answer("PGC-201", warning), answer("PGC-205", error(""))));
    assertInstanceOf(
        Outcome.Failed.class, outcome(answer("PGC-201", PASSED), answer("PGC-205", error(""))));
  }

  @Test
  void whatPassedAllTheSameStaysPassed() {
    assertEquals(PASSED, outcome(answer("PGC-201", error("")), answer("PGC-205", PASSED)));
  }

  @Test
  void anUnknownThatFollowsIsSkippedToo() {
    assertEquals(
        new Outcome.Skipped("follows from PGC-105"),
        outcome(
            answer("PGC-105", error("")), answer("PGC-403", new Outcome.Unknown("why", "how"))));
  }

  @Test
  void nothingBehindALoginStaysUnknownAfterAFailedStage() {
    for (int cause = 101; cause <= 105; cause++) {
      for (int follower :
          new int[] {401, 402, 403, 404, 405, 406, 407, 501, 502, 503, 504, 505, 506, 507}) {
        assertEquals(
            new Outcome.Skipped("follows from PGC-" + cause),
            outcome(
                answer("PGC-" + cause, error("")),
                answer("PGC-" + follower, new Outcome.Unknown("nobody logged in", "see it"))),
            () -> "PGC-" + follower);
      }
    }
  }

  /** The direct URL's login may fail while the application's own server has no room left. */
  @Test
  void aFullServerIsNotExplainedByAnotherUrlsStage() {
    assertInstanceOf(
        Outcome.Failed.class,
        outcome(answer("PGC-103", error("")), answer("PGC-507", error("(SQLSTATE 53100)"))));
  }

  @Test
  void theOrderOfTheAnswersDoesNotMatter() {
    var answers =
        Precedence.apply(List.of(answer("PGC-105", error("")), answer("PGC-506", error(""))));

    assertEquals(
        List.of("PGC-105", "PGC-506"), answers.stream().map(a -> a.info().code()).toList());
    assertEquals(new Outcome.Skipped("follows from PGC-506"), answers.getFirst().outcome());
  }

  @Test
  void aRefusalWithAnotherCauseStays() {
    assertEquals(
        new Outcome.Skipped("follows from PGC-303"),
        outcome(answer("PGC-303", error("")), answer("PGC-308", error("exceeded quota: small"))));
    assertInstanceOf(
        Outcome.Failed.class,
        outcome(
            answer("PGC-303", error("")),
            answer("PGC-308", error("exceeded quota: small", "unknown field"))));
  }

  @Test
  void aReadOnlyServerIsNotExplainedByMissingRights() {
    assertInstanceOf(
        Outcome.Failed.class,
        outcome(answer("PGC-107", error("")), answer("PGC-106", error("25006"))));
    assertEquals(
        new Outcome.Skipped("follows from PGC-107"),
        outcome(answer("PGC-107", error("")), answer("PGC-106", error("42501"))));
  }
}
