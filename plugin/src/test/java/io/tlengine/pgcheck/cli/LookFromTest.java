package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.FromHere;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.PlanReader;
import io.tlengine.pgcheck.scenario.job.ClusterLook;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class LookFromTest {

  private static final Plan PLAN = PlanReader.read(List.of());
  private static final ConnectionFacts HERE = Situations.connection().facts();
  private static final ConnectionFacts THERE = Situations.connection().seenFromCluster().facts();

  private static LookFrom parse(String... words) {
    var spec = CommandSpec.create().name("preflight");
    LookFrom.addTo(spec);
    return LookFrom.from(new CommandLine(spec).parseArgs(words));
  }

  private static Facts facts() {
    return new Facts(Instant.EPOCH, Map.of())
        .with(FactKey.PLAN, Fact.known(PLAN))
        .with(FactKey.CONNECTION, Fact.known(HERE));
  }

  private static Facts there() {
    return new Facts(Instant.EPOCH, Map.of()).with(FactKey.CONNECTION, Fact.known(THERE));
  }

  @Test
  void withoutTheOptionNothingIsMadeAndTheCheckOfTheClusterIsSkipped() throws Exception {
    var from = parse();
    var facts =
        from.with(
            facts(),
            plan -> {
              throw new AssertionError("nobody wanted it");
            });

    assertTrue(from.hereAlone());
    assertEquals(Fact.notApplicable("needs --from-cluster"), facts.fact(FactKey.CLUSTER_DNS));
    assertEquals(Fact.known(HERE), facts.fact(FactKey.CONNECTION));
  }

  @Test
  void fromTheClusterTheDatabaseIsNotLookedForFromHere() throws Exception {
    for (var from : List.of(parse("--from-cluster"), parse("--from=cluster"))) {
      assertEquals(
          Set.of(FactKey.SECRET, FactKey.CLUSTER_DNS),
          from.here(Set.of(FactKey.SECRET, FactKey.CONNECTION)));
      assertEquals(Fact.known(THERE), from.with(facts(), plan -> there()).fact(FactKey.CONNECTION));
    }
  }

  @Test
  void withBothThePodsViewCountsAndThisMachinesIsKept() throws Exception {
    var from = parse("--from", "both");
    var facts = from.with(facts(), plan -> there());

    assertTrue(from.here(Set.of(FactKey.CONNECTION)).contains(FactKey.CONNECTION));
    assertEquals(Fact.known(THERE), facts.fact(FactKey.CONNECTION));
    assertEquals(
        Fact.known(new FromHere(Optional.of(HERE), List.of())), facts.fact(FactKey.FROM_HERE));
  }

  @Test
  void whenNoPodCouldLookNothingOfItIsKnownNotEvenWhatThisMachineSaw() throws Exception {
    for (var words : List.of("--from=cluster", "--from=both")) {
      var facts =
          parse(words)
              .with(
                  facts(),
                  plan -> {
                    throw new ScenarioException("no image", "name one");
                  });

      for (var key : ClusterLook.BRINGS) {
        var gap = assertInstanceOf(Fact.Unavailable.class, facts.fact(key));
        assertEquals("no image", gap.reason());
        assertEquals("name one", gap.remedy());
      }
    }
  }

  @Test
  void wordsThatMakeNoSenseAreRefused() {
    for (var words :
        List.of(
            new String[] {"--from", "there"},
            new String[] {"--from", "here", "--from-cluster"},
            new String[] {"--image", "pgcheck:1"},
            new String[] {"--from-cluster", "--image", "postgresql://u:p@h/d"},
            new String[] {"--from-cluster", "--image", "a b"})) {
      assertThrows(UsageException.class, () -> parse(words));
    }
  }
}
