package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.Situations.SOURCE;
import static io.tlengine.pgcheck.check.Situations.connection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostResolvesCheckTest {

  private static Outcome judge(Situations.Connection situation) {
    return Situations.judge(new HostResolvesCheck(), FactKey.CONNECTION, situation.facts());
  }

  @Test
  void aNameWithAddressesPassesAndShowsThem() {
    var evidence =
        passed(
            judge(
                connection()
                    .name(
                        new NameLookup.Resolved(List.of("203.0.113.7", "2001:db8::7"), false, 3))));

    assertEquals("db.example.com", evidence.get("host"));
    assertEquals(List.of("203.0.113.7", "2001:db8::7"), evidence.get("addresses"));
  }

  @Test
  void anAddressInsteadOfANamePasses() {
    var evidence =
        passed(
            judge(
                connection()
                    .host("203.0.113.7")
                    .name(new NameLookup.Resolved(List.of("203.0.113.7"), true, 0))));

    assertEquals("an address, not a name", evidence.get("note"));
  }

  @Test
  void aNameThatDoesNotExistFails() {
    var outcome = judge(connection().name(new NameLookup.NoSuchName("Name not known", 4)));

    assertEquals(
        Finding.error(
            "db.example.com",
            "the host name db.example.com does not exist; wanted: a name with an A or AAAA record",
            "Name not known",
            "compare the host in "
                + SOURCE
                + " with your provider's connection string, then look it up: getent ahosts"
                + " db.example.com"),
        onlyFinding(outcome));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"postgres", "pg.shop.svc", "pg.shop.svc.cluster.local", "pg.corp.internal"})
  void aNameThatOnlyTheClusterMayKnowIsUnknownFromHere(String host) {
    var outcome = judge(connection().host(host).name(new NameLookup.NoSuchName("not known", 4)));

    assertEquals(
        new Outcome.Unknown(
            host + " does not resolve from here, and may resolve inside the cluster",
            "let a pod of the namespace look: the same command with --from-cluster --image"
                + " REGISTRY/pgcheck:TAG"),
        unknown(outcome));
  }

  @Test
  void aResolverThatDoesNotAnswerIsUnknownAndNoPass() {
    var outcome = judge(connection().name(new NameLookup.NoAnswer("Temporary failure", 4)));

    assertEquals(
        "the resolver did not answer for db.example.com: Temporary failure",
        unknown(outcome).why());
  }
}
