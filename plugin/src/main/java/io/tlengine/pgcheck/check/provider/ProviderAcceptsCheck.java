package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.connection.Stages;
import io.tlengine.pgcheck.check.provider.Refusals.Refusal;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** The provider in front of the database lets the login through: {@link Refusals}. */
public final class ProviderAcceptsCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-506",
        "provider-accepts",
        Severity.ERROR,
        "the provider refuses before the database does: quota, disabled, unknown endpoint, address"
            + " not allowed");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.CONNECTION);
  }

  @Override
  public Set<FactKey<?>> uses() {
    return Set.of(FactKey.OTHER_DATABASES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var findings = new LinkedHashMap<String, Finding>();
    Logins.refused(facts)
        .forEach(
            l ->
                Refusals.of(l.refused())
                    .map(r -> finding(l, r))
                    .ifPresent(f -> findings.putIfAbsent(f.subject() + f.message(), f)));
    if (!findings.isEmpty()) {
      return new Outcome.Failed(List.copyOf(findings.values()), evidence());
    }
    var connection = facts.get(FactKey.CONNECTION);
    return switch (connection.login().orElse(null)) {
      case null -> Stages.behindLogin(connection, facts.observedAt());
      case LoginAttempt.LoggedIn in -> new Outcome.Passed(evidence());
      case LoginAttempt.Refused refused -> new Outcome.Skipped("no provider's refusal");
    };
  }

  private static Finding finding(Logins.Refused login, Refusal refusal) {
    return Finding.error(
        login.connection().target().address(),
        refusal.provider() + " refuses the login: " + refusal.meaning(),
        login.refused().message() + " (SQLSTATE " + login.refused().sqlState() + ")",
        refusal.remedy());
  }
}
