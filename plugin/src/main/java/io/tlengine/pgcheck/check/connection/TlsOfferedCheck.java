package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The server encrypts when the URL asks for it (PostgreSQL, "SSL Session Encryption": the answer to
 * an SSLRequest is S or N).
 */
public final class TlsOfferedCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-103",
        "tls-offered",
        Severity.ERROR,
        "the URL asks for TLS and the server does not offer it");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return EachUrl.NEEDS;
  }

  @Override
  public Set<FactKey<?>> uses() {
    return EachUrl.USES;
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    return EachUrl.judge(facts, c -> Stages.beforeTls(c).orElseGet(() -> judge(c)));
  }

  private static Outcome judge(ConnectionFacts connection) {
    var target = connection.target();
    var findings = new ArrayList<Finding>();
    var evidence = evidence("sslmode", target.sslMode().text());
    switch (connection.tls().orElse(new TlsAttempt.NotAsked())) {
      case TlsAttempt.Encrypted e -> {
        evidence.put("protocol", e.protocol());
        evidence.put("cipher", e.cipher());
        evidence.put("handshakeMillis", e.millis());
      }
      case TlsAttempt.NotPostgres other ->
          findings.add(
              Finding.error(
                  target.address(),
                  "what answers at "
                      + target.address()
                      + " does not speak PostgreSQL's protocol; wanted: a PostgreSQL server",
                  other.answer(),
                  "compare host and port in "
                      + target.source()
                      + " with your provider's connection string"));
      case TlsAttempt.Broken broken ->
          findings.add(
              Finding.error(
                  target.address(),
                  "the TLS handshake with " + target.address() + " broke off",
                  broken.message(),
                  "look at the server's log; from here: openssl s_client -starttls postgres"
                      + " -connect "
                      + target.address()));
      case TlsAttempt.Declined declined when target.sslMode().encryptionRequired() ->
          findings.add(
              Finding.error(
                  target.address(),
                  "the server at "
                      + target.address()
                      + " offers no TLS, and the URL wants sslmode="
                      + target.sslMode().text(),
                  "",
                  "switch TLS on at the server (ssl = on, with ssl_cert_file and ssl_key_file);"
                      + " sslmode=disable in "
                      + target.source()
                      + " only where the network between is trusted"));
      case TlsAttempt.Declined declined -> evidence.put("encrypted", false);
      case TlsAttempt.NotAsked none -> evidence.put("encrypted", false);
    }
    if (!target.sslMode().encryptionRequired() && reachedPublicAddress(connection)) {
      findings.add(
          Finding.warning(
              target.address(),
              "sslmode="
                  + target.sslMode().text()
                  + " allows plain text to a public address; wanted: require or stronger",
              "",
              "set sslmode=verify-full (or at least sslmode=require&channel_binding=require) in the"
                  + " URL of "
                  + target.source()));
    }
    return Outcome.of(findings, evidence);
  }

  private static boolean reachedPublicAddress(ConnectionFacts connection) {
    return connection.port().orElse(List.of()).stream()
        .filter(a -> a.result() == PortResult.ACCEPTED)
        .anyMatch(a -> !a.privateAddress());
  }
}
