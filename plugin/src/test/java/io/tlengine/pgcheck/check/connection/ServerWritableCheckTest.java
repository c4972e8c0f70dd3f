package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Databases.database;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Databases;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.OtherDatabases;
import io.tlengine.pgcheck.fact.OtherDatabases.OtherDatabase;
import io.tlengine.pgcheck.fact.UrlFacts;
import io.tlengine.pgcheck.plan.UrlRole;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerWritableCheckTest {

  private static final String DIRECT = "Secret/postgresql-secret key DATABASE_URL_DIRECT";

  private static Outcome judge(Databases own, OtherDatabase... others) {
    var check = new ServerWritableCheck();
    return check.evaluate(
        Situations.facts(FactKey.DATABASE_FACTS, own.facts())
            .with(FactKey.OTHER_DATABASES, Fact.known(new OtherDatabases(List.of(others))))
            .view(check.needs()));
  }

  private static OtherDatabase other(UrlRole role, Databases database) {
    return new OtherDatabase(
        role,
        new UrlFacts(DIRECT, Optional.empty(), List.of(), false),
        Optional.empty(),
        Optional.of(database.source(DIRECT).facts()));
  }

  @Test
  void aServerThatTakesWritesPasses() {
    assertEquals(false, passed(judge(database())).get("inRecovery"));
  }

  @Test
  void aStandbyFails() {
    var finding = onlyFinding(judge(database().inRecovery()));

    assertTrue(finding.message().contains("meets a server in recovery"), finding.message());
    assertTrue(finding.remedy().contains("target_session_attrs=read-write"), finding.remedy());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user | ALTER ROLE \"app\" RESET default_transaction_read_only;",
        "database | ALTER DATABASE \"engine\" RESET default_transaction_read_only;",
        "client | take -c default_transaction_read_only=... out of options= in the URL of"
            + " Secret/postgresql-secret key DATABASE_URL",
      })
  void readOnlyTransactionsFailAndAreTakenBackWhereTheyWereMade(String origin, String remedy) {
    var finding = onlyFinding(judge(database().readOnly(origin)));

    assertEquals(
        remedy.startsWith("ALTER") ? "SET default_transaction_read_only = off;\n" + remedy : remedy,
        finding.remedy());
    assertTrue(finding.detail().contains("25006"), finding.detail());
  }

  @Test
  void theReadUrlMayMeetAStandby() {
    assertEquals(
        true,
        passed(judge(database(), other(UrlRole.READ, database().inRecovery())))
            .get("readUrlInRecovery"));
  }

  @Test
  void theDirectUrlIsMeantForWriting() {
    assertEquals(
        DIRECT,
        onlyFinding(judge(database(), other(UrlRole.DIRECT, database().inRecovery()))).subject());
  }
}
