package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.Situations.PRIVATE_ADDRESS;
import static io.tlengine.pgcheck.check.Situations.PUBLIC_ADDRESS;
import static io.tlengine.pgcheck.check.Situations.attempt;
import static io.tlengine.pgcheck.check.Situations.connection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.FromHere;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The pod's view decides; what differs from this machine's is said, with its likely cause. */
class TwoViewsTest {

  private static final NameLookup NO_NAME = new NameLookup.NoSuchName("Name not known", 4);

  private static Outcome judge(
      Check check, Situations.Connection pods, Situations.Connection here) {
    return check.evaluate(
        Situations.facts(FactKey.CONNECTION, pods.seenFromCluster().facts())
            .with(FactKey.FROM_HERE, Fact.known(new FromHere(Optional.of(here.facts()), List.of())))
            .view(check.facts()));
  }

  private static String detail(Check check, Situations.Connection pods) {
    var finding = onlyFinding(judge(check, pods, connection()));
    assertEquals(Severity.ERROR, finding.severity());
    assertTrue(finding.detail().contains("works from this machine, not from the cluster"));
    return finding.detail();
  }

  private static void assertNames(String cause, String detail) {
    assertTrue(detail.contains(cause), detail);
  }

  @Test
  void aNameThatOnlyThisMachineKnowsIsAMatterOfResolvers() {
    assertNames(
        "only this machine's resolver knows the name (203.0.113.7)",
        detail(new HostResolvesCheck(), connection().name(NO_NAME)));
  }

  @Test
  void aNameThatLeadsElsewhereIsSplitDns() {
    assertNames(
        "the name leads the pods elsewhere: to 10.0.0.7, and this machine to 203.0.113.7",
        detail(
            new PortAcceptsCheck(),
            connection()
                .name(new NameLookup.Resolved(List.of(PRIVATE_ADDRESS), false, 2))
                .port(attempt(PRIVATE_ADDRESS, PortResult.REFUSED))));
  }

  @Test
  void whatDropsRefusesOrHasNoWayOutIsToldApart() {
    var port = new PortAcceptsCheck();

    assertNames(
        "a NetworkPolicy or firewall on their way out",
        detail(port, connection().port(attempt(PUBLIC_ADDRESS, PortResult.TIMED_OUT))));
    assertNames(
        "something refuses the pods",
        detail(port, connection().port(attempt(PUBLIC_ADDRESS, PortResult.REFUSED))));
    assertNames(
        "no way out to that address",
        detail(port, connection().port(attempt(PUBLIC_ADDRESS, PortResult.NO_ROUTE))));
  }

  @Test
  void aServerWithIpv6AloneIsOutOfReachOfPodsWithoutIt() {
    var finding =
        onlyFinding(
            judge(
                new PortAcceptsCheck(),
                connection()
                    .name(new NameLookup.Resolved(List.of("2001:db8::7"), false, 2))
                    .port(attempt("2001:db8::7", PortResult.NO_ROUTE)),
                connection()
                    .name(new NameLookup.Resolved(List.of("2001:db8::7"), false, 2))
                    .port(attempt("2001:db8::7", PortResult.ACCEPTED))));

    assertNames("IPv6 addresses alone, and the pods have no IPv6", finding.detail());
  }

  @Test
  void aLoopbackAddressMeansThePodItself() {
    var local = new NameLookup.Resolved(List.of("127.0.0.1"), true, 0);
    var finding =
        onlyFinding(
            judge(
                new PortAcceptsCheck(),
                connection().name(local).port(attempt("127.0.0.1", PortResult.REFUSED)),
                connection().name(local).port(attempt("127.0.0.1", PortResult.ACCEPTED))));

    assertNames("it means the pod itself", finding.detail());
  }

  @Test
  void whatAnswersInsteadOfTheDatabaseIsAProxy() {
    assertNames(
        "an egress proxy or a service mesh",
        detail(new TlsOfferedCheck(), connection().tls(new TlsAttempt.NotPostgres("HTTP/1.1", 3))));
  }

  @Test
  void aLoginThatOnlyPodsAreRefusedIsAboutTheirAddress() {
    assertNames(
        "treats the pods' address otherwise",
        detail(
            new LoginSucceedsCheck(),
            connection().login(new LoginAttempt.Refused("28000", "no pg_hba.conf entry", 1, 5))));
  }

  @Test
  void whatFailsOnBothSidesSaysSo() {
    var check = new HostResolvesCheck();
    var finding = onlyFinding(judge(check, connection().name(NO_NAME), connection().name(NO_NAME)));

    assertEquals("Name not known; it fails from this machine, too", finding.detail());
  }

  @Test
  void whatOnlyPodsReachIsInformationAndNotCounted() {
    var finding =
        onlyFinding(judge(new HostResolvesCheck(), connection(), connection().name(NO_NAME)));

    assertEquals(Severity.INFO, finding.severity());
    assertTrue(finding.message().startsWith("works from the cluster, not from this machine"));
  }

  @Test
  void aClusterNameThatThisMachineDoesNotKnowIsAsItShouldBe() {
    var host = "db.shop.svc";
    var evidence =
        passed(
            judge(
                new HostResolvesCheck(),
                connection().host(host),
                connection().host(host).name(NO_NAME)));

    assertTrue(
        String.valueOf(evidence.get("fromThisMachine")).contains("does not resolve from here"));
  }

  @Test
  void whatAPodMeetsIsDecidedWhereThisMachineCannotTell() {
    var name = new HostResolvesCheck();
    var port = new PortAcceptsCheck();
    var svc = connection().host("db.shop.svc").name(NO_NAME);
    var dropped = connection().port(attempt(PRIVATE_ADDRESS, PortResult.TIMED_OUT));

    unknown(Situations.judge(name, FactKey.CONNECTION, svc.facts()));
    unknown(Situations.judge(port, FactKey.CONNECTION, dropped.facts()));
    onlyFinding(Situations.judge(name, FactKey.CONNECTION, svc.seenFromCluster().facts()));
    onlyFinding(Situations.judge(port, FactKey.CONNECTION, dropped.seenFromCluster().facts()));
    assertInstanceOf(
        Outcome.Skipped.class,
        Situations.judge(port, FactKey.CONNECTION, svc.seenFromCluster().facts()));
  }
}
