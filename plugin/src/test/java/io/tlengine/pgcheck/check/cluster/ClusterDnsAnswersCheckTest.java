package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Situations.connection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ClusterDns;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterDnsAnswersCheckTest {

  private static final NameLookup NO_ANSWER = new NameLookup.NoAnswer("Temporary failure", 4000);
  private static final NameLookup NO_NAME = new NameLookup.NoSuchName("Name not known", 4);

  private static Outcome judge(String policy, NameLookup lookup, Situations.Connection database) {
    var check = new ClusterDnsAnswersCheck();
    return check.evaluate(
        Situations.facts(FactKey.CONNECTION, database.seenFromCluster().facts())
            .with(
                FactKey.CLUSTER_DNS,
                Fact.known(new ClusterDns("kubernetes.default.svc", lookup, policy)))
            .view(check.facts()));
  }

  @Test
  void anAnswerPasses() {
    var lookup = new NameLookup.Resolved(List.of("10.0.0.1"), false, 2);

    assertEquals(
        "ClusterFirst", passed(judge("ClusterFirst", lookup, connection())).get("dnsPolicy"));
  }

  @Test
  void noAnswerIsAWarningWhileTheDatabaseIsReached() {
    var finding = onlyFinding(judge("ClusterFirst", NO_ANSWER, connection()));

    assertEquals(Severity.WARNING, finding.severity());
    assertEquals("Temporary failure", finding.detail());
  }

  @Test
  void itIsAnErrorWhenTheDatabasesNameFailsByIt() {
    for (var lookup : List.of(NO_ANSWER, NO_NAME)) {
      var finding = onlyFinding(judge("ClusterFirst", lookup, connection().name(NO_ANSWER)));

      assertEquals(Severity.ERROR, finding.severity());
      assertTrue(finding.message().endsWith("nor for the database's host db.example.com"));
    }
  }

  @Test
  void aPolicyThatKnowsNoServicesIsTheChartsChoice() {
    assertEquals(
        "knows no names of Services", passed(judge("Default", NO_NAME, connection())).get("note"));
    onlyFinding(judge("None", NO_ANSWER, connection()));
  }

  @Test
  void withoutALookFromTheClusterItIsSkipped() {
    var facts =
        Situations.facts(FactKey.CONNECTION, connection().facts())
            .with(FactKey.CLUSTER_DNS, Fact.notApplicable("needs --from-cluster"));

    assertEquals(
        new Outcome.Skipped("needs --from-cluster"),
        CheckRunner.run(List.of(new ClusterDnsAnswersCheck()), facts, Map.of())
            .getFirst()
            .outcome());
  }
}
