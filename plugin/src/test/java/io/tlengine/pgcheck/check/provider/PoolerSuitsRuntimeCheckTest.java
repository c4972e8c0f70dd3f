package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.provider.Setups.BY_TRANSACTION;
import static io.tlengine.pgcheck.check.provider.Setups.setup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.Routes.Pooling;
import org.junit.jupiter.api.Test;

class PoolerSuitsRuntimeCheckTest {

  private static final String HOST = "db.example.com";

  private static Outcome judge(Setups setup) {
    return setup.judge(new PoolerSuitsRuntimeCheck());
  }

  @Test
  void aPlainApplicationMayBePooled() {
    assertEquals(
        "the pooler (two open sessions shared the server process 4711)",
        passed(judge(setup().app(1).route(BY_TRANSACTION, HOST, ""))).get("pooler"));
    passed(judge(setup().app(1).route(new Pooling.NotSeen("by name"), Setups.NEON_POOLED, "")));
  }

  @Test
  void aSettingInTheUrlIsLost() {
    var finding =
        onlyFinding(
            judge(setup().app(1).route(BY_TRANSACTION, HOST, "options=-c%20search_path%3Dapp")));

    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("options -c search_path"), finding.message());
    assertTrue(finding.message().contains("server process 4711"), finding.message());
    assertTrue(finding.remedy().contains("ALTER ROLE"), finding.remedy());
    onlyFinding(judge(setup().app(1).route(BY_TRANSACTION, HOST, "search_path=app")));
  }

  @Test
  void theEndpointOptionIsNoSetting() {
    passed(judge(setup().app(1).route(BY_TRANSACTION, HOST, "options=endpoint%3Dep-x-y")));
  }

  @Test
  void whatContainersNeedOfTheirSessionIsNamed() {
    var options =
        setup().app(1, "PGOPTIONS=-c statement_timeout=5s").route(BY_TRANSACTION, HOST, "");
    assertTrue(onlyFinding(judge(options)).message().startsWith("PGOPTIONS in Deployment/app"));

    var listens =
        setup().appWith("args: [npx, graphile-worker]", 1).route(BY_TRANSACTION, HOST, "");
    assertTrue(onlyFinding(judge(listens)).message().startsWith("Graphile Worker's LISTEN"));
  }

  @Test
  void aSessionFeatureWithoutAPoolerIsNoMatter() {
    var setup = setup().app(1, "PGOPTIONS=-c statement_timeout=5s");

    assertSkipped("no pooler is in front", judge(setup.route(Setups.NOTHING, HOST, "")));
    assertSkipped(
        "nothing pools by transaction here",
        judge(
            setup()
                .app(1, "PGOPTIONS=-c statement_timeout=5s")
                .route(new Pooling.BySession(), HOST, "")));
    assertSkipped(
        "Neon's name without -pooler is direct",
        judge(
            setup()
                .app(1)
                .route(new Pooling.NotSeen("by name"), Setups.NEON, "options=-c%20a.b=1")));
  }

  @Test
  void whatWasNotSeenIsUnknown() {
    assertTrue(
        unknown(judge(setup().app(1).route(new Pooling.NotSeen("nobody logged in"), HOST, "")))
            .why()
            .endsWith("nobody logged in"));
  }

  @Test
  void withoutAUrlItIsSkipped() {
    assertSkipped("the release takes no database URL from a Secret", judge(setup().app(1)));
  }
}
