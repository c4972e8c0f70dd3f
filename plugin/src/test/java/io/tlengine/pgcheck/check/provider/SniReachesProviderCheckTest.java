package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.Situations.certificate;
import static io.tlengine.pgcheck.check.Situations.naming;
import static io.tlengine.pgcheck.check.provider.Setups.setup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.Routes.Pooling;
import io.tlengine.pgcheck.plan.SslMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class SniReachesProviderCheckTest {

  private static final LoginAttempt NO_ENDPOINT =
      new LoginAttempt.Refused(
          "XX000", "ERROR: Endpoint ID is not specified. Either please upgrade ...", 1, 9);

  private static Outcome judge(Situations.Connection connection, String parameters) {
    return setup()
        .connection(connection.sslMode(SslMode.REQUIRE))
        .route(new Pooling.NotSeen("nobody logged in"), "db.example.com", parameters)
        .judge(new SniReachesProviderCheck());
  }

  private static Situations.Connection address() {
    return Situations.connection()
        .host("203.0.113.7")
        .name(new NameLookup.Resolved(List.of("203.0.113.7"), true, 0));
  }

  @Test
  void anAliasIsRefusedForWantOfAnEndpoint() {
    var finding = onlyFinding(judge(Situations.connection().login(NO_ENDPOINT), ""));

    assertEquals(
        "Neon cannot tell which endpoint is meant: the URL names db.example.com, an alias or a"
            + " proxy; wanted: the endpoint's own name, ep-NAME-ID.REGION.aws.neon.tech",
        finding.message());
    assertTrue(finding.remedy().contains("options=endpoint%3Dep-NAME-ID"), finding.remedy());
  }

  @Test
  void soIsAnAddress() {
    assertTrue(
        onlyFinding(judge(address().login(NO_ENDPOINT), "")).message().contains(", an address;"));
  }

  /** Neon asks for a plain password then, and such a client stops with words of its own. */
  @Test
  void requiredChannelBindingHidesNeonsWordsAndTheCertificateTellsThem() {
    var stopped =
        Situations.connection()
            .channelBinding()
            .certificate(naming(certificate(), List.of("*.eu-central-1.aws.neon.tech")))
            .login(
                new LoginAttempt.Refused(
                    "08004", "Channel Binding is required, but the server offers none", 1, 9));

    onlyFinding(judge(stopped, ""));
    assertSkipped(
        "the endpoint was found, and refused for another reason",
        judge(stopped, "options=endpoint%3Dep-cool-dawn-a1b2c3d4"));
  }

  @Test
  void anOwnNameOrTheOptionReachesIt() {
    var evidence = passed(judge(Situations.connection().host(Setups.NEON_POOLED), ""));

    assertEquals("ep-cool-dawn-a1b2c3d4", evidence.get("endpoint"));
    assertEquals("eu-central-1.aws", evidence.get("region"));
    var behindAlias =
        Situations.connection()
            .certificate(naming(certificate(), List.of("*.eu-central-1.aws.neon.tech")));
    assertEquals("ep-x-y", passed(judge(behindAlias, "options=endpoint%3Dep-x-y")).get("endpoint"));
  }

  @Test
  void anotherRefusalIsAnotherMatter() {
    assertSkipped(
        "the endpoint was found, and refused for another reason",
        judge(
            Situations.connection()
                .host(Setups.NEON)
                .login(new LoginAttempt.Refused("28P01", "password authentication failed", 1, 9)),
            ""));
  }

  @Test
  void behindAStageThatIsUnknownItIsUnknown() {
    var neon = Situations.connection().host(Setups.NEON);

    assertEquals("behind PGC-105, which is unknown", unknown(judge(neon.notLoggedIn(), "")).why());
    assertEquals(
        "behind PGC-101, which is unknown",
        unknown(judge(neon.name(new NameLookup.NoAnswer("timed out", 4)), "")).why());
    assertSkipped("after PGC-101", judge(neon.name(new NameLookup.NoSuchName("not known", 4)), ""));
  }

  @Test
  void elsewhereItIsSkipped() {
    assertSkipped(
        "no provider is known here that routes by server name", judge(Situations.connection(), ""));
  }
}
