package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.Situations.PRIVATE_ADDRESS;
import static io.tlengine.pgcheck.check.Situations.PUBLIC_ADDRESS;
import static io.tlengine.pgcheck.check.Situations.SOURCE;
import static io.tlengine.pgcheck.check.Situations.attempt;
import static io.tlengine.pgcheck.check.Situations.connection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortAcceptsCheckTest {

  private static Outcome judge(Situations.Connection situation) {
    return Situations.judge(new PortAcceptsCheck(), FactKey.CONNECTION, situation.facts());
  }

  @Test
  void anAddressThatAcceptsPasses() {
    assertEquals(
        List.of("203.0.113.7 accepted after 5 ms"), passed(judge(connection())).get("addresses"));
  }

  @Test
  void aRefusedPortFailsAndPointsAtThePort() {
    var outcome = judge(connection().port(attempt(PUBLIC_ADDRESS, PortResult.REFUSED)));

    assertEquals(
        Finding.error(
            "db.example.com:5432",
            "nothing accepts a connection at db.example.com:5432; wanted: a PostgreSQL server",
            "203.0.113.7 refused after 5 ms",
            "the host is there, but not a server on port 5432: compare the port in "
                + SOURCE
                + " with your provider's (PostgreSQL: 5432), or start the server"),
        onlyFinding(outcome));
  }

  @Test
  void aPortThatTimesOutFailsAndPointsAtTheFirewall() {
    var outcome = judge(connection().port(attempt(PUBLIC_ADDRESS, PortResult.TIMED_OUT)));

    var finding = onlyFinding(outcome);
    assertEquals("203.0.113.7 timed out after 5 ms", finding.detail());
    assertEquals(
        "a firewall or an address allow-list drops the connection: allow this machine's and the"
            + " nodes' addresses at the provider, then try: nc -vz db.example.com 5432",
        finding.remedy());
  }

  @Test
  void aDeadAddressBesideALivingOneIsAWarning() {
    var outcome =
        judge(
            connection()
                .port(
                    attempt(PUBLIC_ADDRESS, PortResult.ACCEPTED),
                    attempt("203.0.113.8", PortResult.TIMED_OUT)));

    assertEquals(
        Finding.warning(
            "db.example.com:5432",
            "1 of 2 addresses of db.example.com do not accept connections, so some attempts will"
                + " be slow or fail",
            "203.0.113.8 timed out after 5 ms",
            "ask the provider about these addresses, or remove their DNS records"),
        onlyFinding(outcome));
  }

  @Test
  void aMissingRouteToASecondAddressIsThisHostsMatterAndPasses() {
    var evidence =
        passed(
            judge(
                connection()
                    .port(
                        attempt(PUBLIC_ADDRESS, PortResult.ACCEPTED),
                        attempt("2001:db8::7", PortResult.NO_ROUTE))));

    assertEquals(
        List.of("203.0.113.7 accepted after 5 ms", "2001:db8::7 no route (no IPv6) after 5 ms"),
        evidence.get("addresses"));
  }

  @Test
  void aPrivateAddressThatTimesOutIsUnknownSincePodsMayReachIt() {
    var unknown = unknown(judge(connection().port(attempt(PRIVATE_ADDRESS, PortResult.TIMED_OUT))));

    assertEquals(
        "db.example.com:5432 does not answer from here; a private address may answer the pods",
        unknown.why());
    assertTrue(unknown.remedy().contains("--from-cluster"), unknown.remedy());
  }

  @Test
  void aPrivateAddressThatRefusesIsAFailureSinceItWasReached() {
    var outcome = judge(connection().port(attempt(PRIVATE_ADDRESS, PortResult.REFUSED)));

    assertEquals("10.0.0.7 refused after 5 ms", onlyFinding(outcome).detail());
  }

  @Test
  void afterANameThatDoesNotExistItIsSkipped() {
    assertSkipped(
        "after PGC-101", judge(connection().name(new NameLookup.NoSuchName("not known", 1))));
  }

  @Test
  void behindAnUnknownNameItIsUnknownAndNamesWhatDecides() {
    var unknown =
        unknown(judge(connection().host("pg.svc").name(new NameLookup.NoSuchName("no", 1))));

    assertEquals("behind PGC-101, which is unknown", unknown.why());
    assertTrue(unknown.remedy().contains("--from-cluster"), unknown.remedy());
  }

  @Test
  void behindASilentResolverItIsUnknown() {
    assertEquals(
        "behind PGC-101, which is unknown",
        unknown(judge(connection().name(new NameLookup.NoAnswer("again", 1)))).why());
  }
}
