package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.provider.Setups.BY_TRANSACTION;
import static io.tlengine.pgcheck.check.provider.Setups.NOTHING;
import static io.tlengine.pgcheck.check.provider.Setups.setup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.Routes.Pooling;
import io.tlengine.pgcheck.plan.UrlRole;
import org.junit.jupiter.api.Test;

class MigrationsGoDirectCheckTest {

  private static final String HOST = "db.example.com";
  private static final String DIRECT = "DATABASE_URL_DIRECT";

  private static Outcome judge(Setups setup) {
    return setup.judge(new MigrationsGoDirectCheck());
  }

  @Test
  void migrationsByThePooledUrlFail() {
    var finding =
        onlyFinding(
            judge(setup().app(1).migrations("DATABASE_URL").route(BY_TRANSACTION, HOST, "")));

    assertEquals(Severity.ERROR, finding.severity());
    assertEquals("Job/migrations container migrations", finding.subject());
    assertTrue(
        finding.message().contains("goes by Secret/postgresql-secret key DATABASE_URL"),
        finding.message());
    assertTrue(finding.remedy().contains("database.secretKeys.directUrl"), finding.remedy());
  }

  @Test
  void neonsPoolerIsKnownByItsName() {
    var pooled = new Pooling.NotSeen("by name");
    var finding =
        onlyFinding(
            judge(
                setup()
                    .app(1)
                    .migrations("DATABASE_URL")
                    .route(pooled, Setups.NEON_POOLED, "sslmode=require")));

    assertTrue(finding.remedy().contains("the same without -pooler"), finding.remedy());
  }

  @Test
  void aDirectUrlBesideThePooledOneIsRight() {
    passed(
        judge(
            setup()
                .app(1)
                .migrations(DIRECT)
                .route(new Pooling.NotSeen("by name"), Setups.NEON_POOLED, "")
                .route(UrlRole.DIRECT, DIRECT, new Pooling.NotSeen("by name"), Setups.NEON, "")));
    passed(judge(setup().app(1).migrations("DATABASE_URL").route(NOTHING, HOST, "")));
  }

  @Test
  void aDirectUrlThatIsPooledTooFails() {
    onlyFinding(
        judge(
            setup()
                .app(1)
                .migrations(DIRECT)
                .route(BY_TRANSACTION, HOST, "")
                .route(UrlRole.DIRECT, DIRECT, BY_TRANSACTION, HOST, "")));
  }

  @Test
  void aDirectUrlThatNobodyLoggedInByIsUnknown() {
    assertTrue(
        unknown(
                judge(
                    setup()
                        .app(1)
                        .migrations(DIRECT)
                        .route(BY_TRANSACTION, HOST, "")
                        .route(UrlRole.DIRECT, DIRECT, new Pooling.NotSeen("nobody"), HOST, "")))
            .why()
            .contains("key DATABASE_URL_DIRECT"));
  }

  @Test
  void withoutMigrationsItIsSkipped() {
    assertSkipped(
        "nothing of the plan migrates or dumps the database",
        judge(setup().app(1).cron("0 3 * * *").route(BY_TRANSACTION, HOST, "")));
  }
}
