package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.SecretValues;
import io.tlengine.pgcheck.fact.SecretValues.Disagreement;
import io.tlengine.pgcheck.fact.SecretValues.ValueFact;
import io.tlengine.pgcheck.plan.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretUsableCheckTest {

  private static ValueFact value(
      String key,
      boolean empty,
      boolean lineBreak,
      boolean quoted,
      boolean placeholder,
      boolean reserved) {
    return new ValueFact(
        "postgresql-secret",
        key,
        key.startsWith("DATABASE_URL"),
        empty,
        lineBreak,
        quoted,
        placeholder,
        reserved);
  }

  private static ValueFact sound(String key) {
    return value(key, false, false, false, false, false);
  }

  private static Outcome judge(List<ValueFact> values, List<Disagreement> disagreements) {
    var facts =
        Situations.facts(FactKey.PLAN, Fixtures.plan("our-statefulset"))
            .with(
                FactKey.SECRET_VALUES, Fact.known(new SecretValues("shop", values, disagreements)))
            .with(FactKey.INSTALL_COMMAND, Fact.known(Situations.INSTALL));
    var check = new SecretUsableCheck();
    return check.evaluate(facts.view(check.needs()));
  }

  private static String message(ValueFact value) {
    return onlyFinding(judge(List.of(sound("username"), value), List.of())).message();
  }

  @Test
  void soundValuesPass() {
    assertEquals(
        List.of("password", "username"),
        passed(judge(List.of(sound("username"), sound("password")), List.of())).get("keys"));
  }

  @Test
  void eachFaultIsNamed() {
    assertTrue(message(value("password", true, false, false, false, false)).contains("is empty"));
    assertTrue(
        message(value("password", false, true, false, false, true)).contains("holds a line break"));
    assertTrue(
        message(value("password", false, false, true, false, true)).contains("quotation marks"));
    assertTrue(
        message(value("password", false, false, false, true, true)).contains("is a placeholder"));
  }

  @Test
  void theRemedyReplacesTheOneKeyInItsNamespace() {
    assertEquals(
        "write the value into a file with printf %s, then: kubectl create secret generic"
            + " postgresql-secret -n shop --from-file=password=./password.txt --dry-run=client -o"
            + " yaml | kubectl apply --server-side --force-conflicts -f -",
        onlyFinding(judge(List.of(value("password", true, false, false, false, false)), List.of()))
            .remedy());
  }

  @Test
  void reservedCharactersMatterOnlyWhereAPodComposesAUrl() {
    var reserved = value("password", false, false, false, false, true);
    var finding = onlyFinding(judge(List.of(reserved), List.of()));

    assertTrue(
        finding.message().contains("Deployment/tl-engine puts it into DATABASE_URL as it is"),
        finding::message);
    assertEquals(
        "install with a key that holds the encoded URL, --set-string"
            + " database.secretKeys.url=DATABASE_URL, which is added by: helm pgcheck secret tl"
            + " charts/tl-engine -n shop -f 'my values.yaml' --set-string"
            + " database.secretKeys.url=DATABASE_URL",
        finding.remedy());
    passed(
        judge(List.of(value("replication-password", false, false, false, false, true)), List.of()));
  }

  @Test
  void theFormOfAUrlIsAnotherChecks() {
    passed(judge(List.of(value("DATABASE_URL", false, true, false, false, true)), List.of()));
    onlyFinding(judge(List.of(value("DATABASE_URL", false, false, false, true, true)), List.of()));
  }

  @Test
  void aUrlInQuotationMarksIsThisChecksMatter() {
    var finding =
        onlyFinding(
            judge(List.of(value("DATABASE_URL", false, false, true, false, true)), List.of()));

    assertEquals(
        "the value of DATABASE_URL stands in quotation marks, which become part of it; wanted:"
            + " without them",
        finding.message());
    assertTrue(finding.remedy().contains("--from-file=DATABASE_URL=./DATABASE_URL.txt"));
  }

  @Test
  void keysThatContradictEachOtherAreErrorsAndOddOnesWarnings() {
    var severities =
        findings(
                judge(
                    List.of(sound("password")),
                    List.of(
                        new Disagreement("s", "the user in A is not that of B", "mend", true),
                        new Disagreement("s", "A and B name different databases", "look", false))))
            .stream()
            .map(f -> f.severity())
            .toList();

    assertEquals(List.of(Severity.ERROR, Severity.WARNING), severities);
  }

  @Test
  void aSecretThatIsMissingIsAnothersFault() {
    assertSkipped(
        "follows from PGC-802: the Secret postgresql-secret has no value yet",
        judge(List.of(), List.of()));
  }
}
