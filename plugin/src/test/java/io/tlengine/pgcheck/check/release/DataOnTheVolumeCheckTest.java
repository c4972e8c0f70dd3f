package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.plan.Fixtures;
import io.tlengine.pgcheck.plan.Plan;
import org.junit.jupiter.api.Test;

class DataOnTheVolumeCheckTest {

  private static Outcome judge(Plan plan) {
    return Situations.judge(new DataOnTheVolumeCheck(), FactKey.PLAN, plan);
  }

  @Test
  void ourChartAndTheLabKeepTheirDataOnAClaim() {
    passed(judge(Fixtures.plan("our-statefulset")));
    assertEquals(
        "{postgres=/var/lib/postgresql/data}",
        String.valueOf(
            passed(judge(Fixtures.plan("official-default-directory"))).get("directories")));
  }

  @Test
  void anEmptyDirIsNamed() {
    assertTrue(
        onlyFinding(judge(Fixtures.plan("lab-empty-dir")))
            .message()
            .contains("/var/lib/postgresql/data (the image's default) lies on data, an emptyDir"));
  }

  @Test
  void theOfficialImageMovedItsDirectoryWithEighteen() {
    var finding =
        onlyFinding(
            judge(
                Fixtures.plan(
                    "official-default-directory", "image: postgres:15", "image: postgres:18")));

    assertEquals("StatefulSet/postgres", finding.subject());
    assertTrue(
        finding
            .message()
            .contains("/var/lib/postgresql/18/docker (the image's default) lies on no"),
        finding::message);
  }

  @Test
  void aDirectoryOutsideTheMountIsFound() {
    var finding =
        onlyFinding(
            judge(
                Fixtures.plan(
                    "official-default-directory",
                    "mountPath: /var/lib/postgresql/data",
                    "mountPath: /var/lib/postgres")));

    assertTrue(finding.message().contains("lies on no volume"), finding::message);
  }

  @Test
  void anImageThatIsNotKnownAndNoVariableCannotBeJudged() {
    assertTrue(
        unknown(
                judge(
                    Fixtures.plan(
                        "official-default-directory",
                        "image: postgres:15",
                        "image: example.com/own:15")))
            .why()
            .contains("neither PGDATA nor the image's name"));
  }

  @Test
  void anExternalDatabaseHasNoDirectoryHere() {
    assertSkipped(
        "the release brings no database of its own", judge(Fixtures.plan("our-external")));
  }
}
