package io.tlengine.pgcheck.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Rendering;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CheckRunnerTest {

  private static final Outcome PASSED = new Outcome.Passed(Map.of());
  private static final Facts NOTHING = new Facts(Situations.NOW, Map.of());

  private record Rule(String code, Set<FactKey<?>> needs, Function<Facts.View, Outcome> judgement)
      implements Check {
    @Override
    public CheckInfo info() {
      return new CheckInfo(code, "a-slug", Severity.ERROR, "a summary");
    }

    @Override
    public Outcome evaluate(Facts.View facts) {
      return judgement.apply(facts);
    }
  }

  private static CheckResult run(Check check, Facts facts) {
    return CheckRunner.run(List.of(check), facts, Map.of()).getFirst();
  }

  @Test
  void aCheckWithItsFactsIsAsked() {
    var facts = Situations.<Rendering>facts(FactKey.RENDERING, new Rendering.Rendered(1));

    var answer =
        run(
            new Rule(
                "PGC-901",
                Set.of(FactKey.RENDERING),
                f -> {
                  f.get(FactKey.RENDERING);
                  return PASSED;
                }),
            facts);

    assertEquals(PASSED, answer.outcome());
    assertTrue(answer.bug().isEmpty());
  }

  @Test
  void aMissingFactMakesItUnknownWithTheFactsReasonAndRemedy() {
    var facts = NOTHING.with(FactKey.CLAIMS, Fact.unavailable("you may not", "grant it"));

    assertEquals(
        new Outcome.Unknown("you may not", "grant it"),
        run(new Rule("PGC-901", Set.of(FactKey.CLAIMS), f -> PASSED), facts).outcome());
  }

  @Test
  void aFactThatNobodyGatheredMakesItUnknown() {
    assertEquals(
        new Outcome.Unknown("claims was not gathered", "run again"),
        run(new Rule("PGC-901", Set.of(FactKey.CLAIMS), f -> PASSED), NOTHING).outcome());
  }

  @Test
  void aFactThatIsOnlyTakenIntoAccountMayBeMissing() {
    var check =
        new Check() {
          @Override
          public CheckInfo info() {
            return new CheckInfo("PGC-901", "a-slug", Severity.ERROR, "a summary");
          }

          @Override
          public Set<FactKey<?>> needs() {
            return Set.of();
          }

          @Override
          public Set<FactKey<?>> uses() {
            return Set.of(FactKey.RENDERING);
          }

          @Override
          public Outcome evaluate(Facts.View facts) {
            return new Outcome.Passed(
                Outcome.evidence("seen", facts.find(FactKey.RENDERING).isPresent()));
          }
        };
    var known = Situations.<Rendering>facts(FactKey.RENDERING, new Rendering.Rendered(1));

    assertEquals(new Outcome.Passed(Map.of("seen", true)), run(check, known).outcome());
    assertEquals(new Outcome.Passed(Map.of("seen", false)), run(check, NOTHING).outcome());
  }

  @Test
  void doesNotApplyWinsOverCouldNotLook() {
    var facts =
        NOTHING
            .with(FactKey.CLAIMS, Fact.unavailable("you may not", "grant it"))
            .with(FactKey.STORAGE_CLASSES, Fact.notApplicable("no claims"));

    assertEquals(
        new Outcome.Skipped("no claims"),
        run(
                new Rule("PGC-901", Set.of(FactKey.CLAIMS, FactKey.STORAGE_CLASSES), f -> PASSED),
                facts)
            .outcome());
  }

  /** A Set has another order in each JVM; two runs of the same situation must not differ. */
  @Test
  void ofSeveralMissingFactsTheFirstByNameIsNamed() {
    var facts =
        NOTHING
            .with(FactKey.STORAGE_CLASSES, Fact.unavailable("no classes", "b"))
            .with(FactKey.CLAIMS, Fact.unavailable("no claims", "a"))
            .with(FactKey.SECRET, Fact.unavailable("no secret", "c"));

    assertEquals(
        new Outcome.Unknown("no claims", "a"),
        run(
                new Rule(
                    "PGC-901",
                    Set.of(FactKey.STORAGE_CLASSES, FactKey.SECRET, FactKey.CLAIMS),
                    f -> PASSED),
                facts)
            .outcome());
  }

  @Test
  void anIgnoredCheckIsSkippedWithTheUsersReasonAndNotAsked() {
    var check =
        new Rule(
            "PGC-901",
            Set.of(),
            f -> {
              throw new IllegalStateException("asked");
            });

    var answer =
        CheckRunner.run(List.of(check), NOTHING, Map.of("PGC-901", "renewed on Monday")).getFirst();

    assertEquals(new Outcome.Skipped("ignored: renewed on Monday"), answer.outcome());
    assertTrue(answer.bug().isEmpty());
  }

  @Test
  void aCheckThatThrowsIsABugAndTheOthersStillRun() {
    var broken =
        new Rule(
            "PGC-901",
            Set.of(),
            f -> {
              throw new IllegalArgumentException("broken");
            });
    var sound = new Rule("PGC-902", Set.of(), f -> PASSED);

    var answers = CheckRunner.run(List.of(broken, sound), NOTHING, Map.of());

    assertEquals(
        "broken", answers.getFirst().bug().map(Throwable::getMessage).orElse("no bug reported"));
    var unknown = assertInstanceOf(Outcome.Unknown.class, answers.getFirst().outcome());
    assertEquals(
        "internal error in this check: java.lang.IllegalArgumentException: broken", unknown.why());
    assertEquals(PASSED, answers.getLast().outcome());
  }

  @Test
  void touchingAFactThatWasNotDeclaredIsABug() {
    var facts = Situations.<Rendering>facts(FactKey.RENDERING, new Rendering.Rendered(1));
    var check =
        new Rule(
            "PGC-901",
            Set.of(),
            f -> {
              f.get(FactKey.RENDERING);
              return PASSED;
            });

    assertEquals(
        "the check does not declare the fact rendering",
        run(check, facts).bug().map(Throwable::getMessage).orElse("no bug reported"));
  }
}
