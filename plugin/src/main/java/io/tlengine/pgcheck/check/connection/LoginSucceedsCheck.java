package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Sql;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.Target;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The role logs in (PostgreSQL, Appendix A "Error Codes", classes 08, 28, 3D, 53 and 57). */
public final class LoginSucceedsCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-105", "login-succeeds", Severity.ERROR, "the server refuses the login");
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
    var now = facts.observedAt();
    return EachUrl.judge(facts, c -> Stages.beforeLogin(c, now).orElseGet(() -> judge(c)));
  }

  private static Outcome judge(ConnectionFacts connection) {
    var target = connection.target();
    if (connection.login().isEmpty()) {
      return new Outcome.Unknown(
          "the login was not tried before the time was up", Stages.moreTime());
    }
    return switch (connection.login().get()) {
      case LoginAttempt.LoggedIn in ->
          new Outcome.Passed(
              evidence(
                  "user", target.user(),
                  "database", target.database(),
                  "serverVersion", in.serverVersion(),
                  "loginMillis", in.millis()));
      case LoginAttempt.Refused refused ->
          new Outcome.Failed(
              List.of(
                  Finding.error(
                      target.address() + "/" + target.database(),
                      cause(refused, target),
                      refused.message() + " (SQLSTATE " + refused.sqlState() + ")",
                      remedy(refused, target))),
              evidence(
                  "user",
                  target.user(),
                  "sqlState",
                  refused.sqlState(),
                  "attempts",
                  refused.attempts()));
    };
  }

  private static String cause(LoginAttempt.Refused refused, Target target) {
    return switch (kind(refused)) {
      case PASSWORD ->
          "wrong or expired password for the role " + target.user() + ", or there is no such role";
      case DATABASE -> "there is no database " + target.database() + " on this server";
      case NOT_PERMITTED ->
          "the server does not let the role "
              + target.user()
              + " in from here (pg_hba.conf, or a missing right to log in or to connect)";
      case TOO_MANY -> "no connection is free for the role " + target.user();
      case STARTING ->
          "the server is still starting or stopping, after "
              + refused.attempts()
              + " attempts in "
              + refused.millis()
              + " ms";
      case CHANNEL_BINDING ->
          "channel_binding=require cannot be met: the server did not offer SCRAM-SHA-256-PLUS";
      case SESSION -> "no server of the URL is of the kind that it wants";
      case OTHER -> "the login of the role " + target.user() + " was refused";
    };
  }

  private static String remedy(LoginAttempt.Refused refused, Target target) {
    return switch (kind(refused)) {
      case PASSWORD ->
          "put the provider's current password, percent-encoded, into "
              + target.source()
              + "; or set it at the server:\nALTER ROLE "
              + Sql.name(target.user())
              + " PASSWORD '...';\nwhen it has expired:\nALTER ROLE "
              + Sql.name(target.user())
              + " VALID UNTIL 'infinity';\nwithout such a role:\nCREATE ROLE "
              + Sql.name(target.user())
              + " LOGIN PASSWORD '...';";
      case DATABASE ->
          "create it:\nCREATE DATABASE "
              + Sql.name(target.database())
              + " OWNER "
              + Sql.name(target.user())
              + ";\nor correct the name in "
              + target.source();
      case NOT_PERMITTED -> NotPermitted.remedy(refused, target);
      case TOO_MANY ->
          "close idle sessions or lower the pools, then look:\nSELECT usename, state, count(*) FROM"
              + " pg_stat_activity GROUP BY 1, 2;";
      case STARTING -> "wait until recovery has ended and run again with more time: --timeout 2m";
      case CHANNEL_BINDING ->
          "store the password as SCRAM (password_encryption = scram-sha-256, then set it again), or"
              + " connect without a proxy that ends TLS";
      case SESSION ->
          "name a standby in "
              + target.source()
              + ", or write target_session_attrs=prefer-standby, which takes a primary for want of"
              + " one";
      case OTHER -> "look at the server's log for this time and role";
    };
  }

  private enum Kind {
    PASSWORD,
    DATABASE,
    NOT_PERMITTED,
    TOO_MANY,
    STARTING,
    CHANNEL_BINDING,
    SESSION,
    OTHER
  }

  /** By SQLSTATE; poolers and proxies blur it to 08P01 or XX000, there the text decides. */
  private static Kind kind(LoginAttempt.Refused refused) {
    return switch (refused.sqlState()) {
      case "28P01" -> Kind.PASSWORD;
      case "3D000" -> Kind.DATABASE;
      case "28000", "42501", "55000" -> Kind.NOT_PERMITTED;
      case "53300" -> Kind.TOO_MANY;
      case "57P03", "57P01", "57P02" -> Kind.STARTING;
      default -> kindOfText(refused.message().toLowerCase(Locale.ROOT));
    };
  }

  private static Kind kindOfText(String text) {
    if (text.contains("target_session_attrs")) {
      return Kind.SESSION;
    }
    if (text.contains("channel binding")) {
      return Kind.CHANNEL_BINDING;
    }
    if (text.contains("password authentication failed") || text.contains("sasl")) {
      return Kind.PASSWORD;
    }
    if ((text.contains("database") && text.contains("does not exist"))
        || text.contains("no such database")) {
      return Kind.DATABASE;
    }
    if (text.contains("pg_hba.conf") || text.contains("not allowed to connect")) {
      return Kind.NOT_PERMITTED;
    }
    if (text.contains("too many") || text.contains("no more connections")) {
      return Kind.TOO_MANY;
    }
    return text.contains("starting up") ? Kind.STARTING : Kind.OTHER;
  }
}
