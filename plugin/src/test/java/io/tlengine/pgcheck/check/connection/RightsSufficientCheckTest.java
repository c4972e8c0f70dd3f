package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.CreateProof;
import io.tlengine.pgcheck.fact.CreateProof.Refusal;
import io.tlengine.pgcheck.fact.DatabaseFacts.Setting;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RightsSufficientCheckTest {

  private static final Setting DEFAULT = new Setting("\"$user\", public", "", "default");

  private static Outcome judge(Optional<String> schema, Optional<Refusal> refusal) {
    return judge(schema, DEFAULT, refusal);
  }

  private static Outcome judge(
      Optional<String> schema, Setting searchPath, Optional<Refusal> refusal) {
    return Situations.judge(
        new RightsSufficientCheck(),
        FactKey.CREATE_PROOF,
        new CreateProof(
            Situations.SOURCE,
            Optional.of("Job/migrations"),
            "app",
            "engine",
            schema,
            searchPath,
            refusal));
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
        "as the schema's owner:\nGRANT CREATE ON SCHEMA \"public\" TO \"app\";", finding.remedy());
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

  /** The path as pg_settings shows it, and the schema that the role's tables would go to. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nix | \"nix\"",
        "Nix, public | \"nix\"",
        "\"Nix\", public | \"Nix\"",
        "\"a \"\"b, c\" | \"a \"\"b, c\"",
        "\"$user\" | \"app\"",
        "$user, other | \"app\"",
        "pg_temp, other | \"other\"",
      })
  void aSearchPathThatWasSetNamesTheSchemaToMake(String path, String schema) {
    var finding = withoutSchema(new Setting(path, "", "user"));

    assertEquals(
        "search_path is "
            + path
            + ", set for the role app; to keep that path, as a superuser:\nCREATE SCHEMA IF NOT"
            + " EXISTS "
            + schema
            + " AUTHORIZATION \"app\";\nGRANT USAGE, CREATE ON SCHEMA "
            + schema
            + " TO \"app\";\nor else:\nALTER ROLE \"app\" RESET search_path;",
        finding.remedy());
    assertTrue(finding.detail().endsWith("; search_path is " + path), finding.detail());
  }

  @Test
  void anEmptySearchPathIsTakenBack() {
    assertEquals(
        "search_path is \"\", set by the URL's options:\ntake -c search_path=... out of options= in"
            + " the URL of "
            + Situations.SOURCE,
        withoutSchema(new Setting("\"\"", "", "client")).remedy());
  }

  private static Finding withoutSchema(Setting searchPath) {
    return onlyFinding(
        judge(
            Optional.empty(),
            searchPath,
            Optional.of(new Refusal("3F000", "no schema has been selected to create in"))));
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
