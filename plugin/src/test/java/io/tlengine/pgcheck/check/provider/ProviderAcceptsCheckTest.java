package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.provider.Setups.setup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderAcceptsCheckTest {

  private static Outcome judge(LoginAttempt login) {
    return setup()
        .connection(Situations.connection().login(login))
        .judge(new ProviderAcceptsCheck());
  }

  private static Outcome refused(String code, String text) {
    return judge(new LoginAttempt.Refused(code, text, 1, 9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          XX000 | ERROR: Control plane request failed: endpoint cannot be found | no such endpoint
          XX000 | ERROR: Control plane request failed: endpoint is disabled | is disabled
          XX000 | ERROR: Your account or project has exceeded the compute time quota. Upgrade \
          your plan to increase limits. | compute time
          XX000 | ERROR: Your project has exceeded the data transfer quota. | data transfer
          XX000 | ERROR: Control plane request failed: endpoint is temporarily unavailable. Check \
          your quotas and/or contact our support. | unavailable
          XX000 | ERROR: This IP address 203.0.113.9 is not allowed to connect to this endpoint. | \
          allowed addresses
          XX000 | ERROR: This connection is trying to access this endpoint from a blocked network. \
          | public networks
          XX000 | ERROR: Too many connections attempts | attempts
          XX000 | ERROR: Failed to acquire permit to connect to the database. Too many database \
          connection attempts are currently ongoing. | at once
          XX000 | ERROR: connection is insecure (try using `sslmode=require`) | encrypted
          XX000 | ERROR: Control plane request failed | could not tell
          XX000 | FATAL: Tenant or user not found | no such project
          08P01 | FATAL: unsupported startup parameter: options | refuses a setting
          """)
  void eachRefusalHasItsMeaningAndItsRemedy(String code, String text, String meaning) {
    var finding = onlyFinding(refused(code, text));

    assertTrue(finding.message().contains(meaning), finding.message());
    assertTrue(finding.detail().endsWith("(SQLSTATE " + code + ")"), finding.detail());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          28P01 | FATAL: password authentication failed for user "app"
          3D000 | FATAL: database "x" does not exist
          28000 | FATAL: no pg_hba.conf entry for host "10.0.0.1", user "app", database "engine"
          53300 | FATAL: too many connections for role "app"
          08P01 | FATAL: no more connections allowed (max_client_conn)
          XX000 | ERROR: Endpoint ID is not specified.
          42501 | ERROR: permission denied, you have exceeded the limits
          """)
  void whatTheServerSaysIsNoProviders(String code, String text) {
    assertSkipped("no provider's refusal", refused(code, text));
  }

  @Test
  void aLoginPasses() {
    assertEquals(0, passed(judge(new LoginAttempt.LoggedIn("17.6", 9))).size());
  }

  private static Outcome judge(Situations.Connection connection) {
    return setup().connection(connection).judge(new ProviderAcceptsCheck());
  }

  @Test
  void aLoginThatWasNotReachedIsSkippedAfterTheStageThatFailed() {
    assertSkipped(
        "after PGC-101",
        judge(Situations.connection().name(new NameLookup.NoSuchName("not known", 4))));
  }

  @Test
  void behindAStageThatIsUnknownItIsUnknown() {
    var name = judge(Situations.connection().name(new NameLookup.NoAnswer("timed out", 4)));
    var port =
        judge(Situations.connection().port(Situations.attempt("203.0.113.9", PortResult.NO_ROUTE)));
    var login = judge(Situations.connection().notLoggedIn());

    assertEquals("behind PGC-101, which is unknown", unknown(name).why());
    assertEquals("behind PGC-102, which is unknown", unknown(port).why());
    assertEquals("behind PGC-105, which is unknown", unknown(login).why());
    assertEquals("give it more time: --timeout 60s", unknown(login).remedy());
  }
}
