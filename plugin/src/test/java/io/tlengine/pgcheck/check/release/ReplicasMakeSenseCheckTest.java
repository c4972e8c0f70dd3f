package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.plan.Fixtures;
import io.tlengine.pgcheck.plan.Plan;
import org.junit.jupiter.api.Test;

class ReplicasMakeSenseCheckTest {

  private static Outcome judge(Plan plan) {
    return Situations.judge(new ReplicasMakeSenseCheck(), FactKey.PLAN, plan);
  }

  @Test
  void oneReplicaAndOurReplicatedTopologyPass() {
    passed(judge(Fixtures.plan("our-statefulset")));
    passed(judge(Fixtures.plan("our-replicated")));
    passed(judge(Fixtures.plan("lab-official-image")));
  }

  private static Plan behind(String clusterIp) {
    return Fixtures.plan(
        "lab-empty-dir",
        "apiVersion: v1\nkind: Secret\n",
        """
        apiVersion: v1
        kind: Service
        metadata: {name: postgres-service}
        spec: {clusterIP: %s, selector: {app: postgres}}
        ---
        apiVersion: v1
        kind: Secret
        """
            .formatted(clusterIp));
  }

  @Test
  void severalDatabasesBehindOneServiceAreFound() {
    var finding = onlyFinding(judge(behind("")));

    assertTrue(
        finding.message().startsWith("2 pods of postgres are 2 databases"), finding::message);
    assertTrue(finding.message().contains("the Service postgres-service sends"), finding::message);
  }

  @Test
  void behindAHeadlessServiceAloneTheyAreTheLab() {
    passed(judge(behind("None")));
  }

  @Test
  void anExternalDatabaseHasNoReplicasHere() {
    assertSkipped(
        "the release brings no database of its own", judge(Fixtures.plan("our-external")));
  }
}
