package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.CreateProof;
import io.tlengine.pgcheck.fact.CreateProof.Refusal;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RightsSufficientCheckTest {

  private static Outcome judge(Optional<String> schema, Optional<Refusal> refusal) {
    return Situations.judge(
        new RightsSufficientCheck(),
        FactKey.CREATE_PROOF,
        new CreateProof(
            Situations.SOURCE, Optional.of("Job/migrations"), "app", "engine", schema, refusal));
  }

  @Test
  void aTableThatWasCreatedPasses() {
    assertEquals(
        "Job/migrations", passed(judge(Optional.of("public"), Optional.empty())).get("usedBy"));
  }

  @Test
  void aRoleThatMayNotCreateFails() {
    var finding =
        onlyFinding(
            judge(
                Optional.of("public"),
                Optional.of(new Refusal("42501", "permission denied for schema public"))));

    assertEquals(
        "the role app may not create a table in the schema public of the database engine;"
            + " Job/migrations needs it",
        finding.message());
    assertEquals(
        "as the schema's owner: GRANT CREATE ON SCHEMA \"public\" TO \"app\";", finding.remedy());
  }

  @Test
  void aSearchPathWithoutASchemaFails() {
    var finding =
        onlyFinding(
            judge(
                Optional.empty(),
                Optional.of(new Refusal("3F000", "no schema has been selected to create in"))));

    assertTrue(finding.remedy().contains("CREATE SCHEMA \"app\""), finding.remedy());
  }

  @Test
  void aReadOnlyServerIsTheMatterOfAnotherCode() {
    assertSkipped(
        "follows from PGC-106",
        judge(Optional.of("public"), Optional.of(new Refusal("25006", "read-only transaction"))));
  }

  @Test
  void anythingElseThatRefusesFailsWithTheServersWords() {
    assertEquals(
        "disk full (SQLSTATE 53100)",
        onlyFinding(judge(Optional.of("public"), Optional.of(new Refusal("53100", "disk full"))))
            .detail());
  }
}
