package io.tlengine.pgcheck.check.connection;

import io.tlengine.pgcheck.check.Sql;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.Target;
import java.util.regex.Pattern;

/**
 * How to let a role in that the server knows and turns away: each cause has words of its own
 * (PostgreSQL, src/backend/libpq/auth.c and src/backend/utils/init). A server that speaks another
 * language gets all the ways at once.
 */
final class NotPermitted {

  /** In "no pg_hba.conf entry for host", "pg_hba.conf rejects connection for host". */
  private static final Pattern HOST = Pattern.compile("pg_hba\\.conf.* host \"([0-9A-Fa-f:.]+)");

  private NotPermitted() {}

  static String remedy(LoginAttempt.Refused refused, Target target) {
    var text = refused.message();
    var role = Sql.name(target.user());
    var database = Sql.name(target.database());
    var login = "ALTER ROLE " + role + " LOGIN;";
    var open = "ALTER DATABASE " + database + " ALLOW_CONNECTIONS true;";
    var connect = "GRANT CONNECT ON DATABASE " + database + " TO " + role + ";";
    if (text.contains("is not permitted to log in")) {
      return login;
    }
    if (text.contains("is not currently accepting connections")) {
      return open;
    }
    if (text.contains("permission denied for database")) {
      return connect;
    }
    var line = line(text, database + " " + role);
    return text.contains("pg_hba.conf")
        ? line + "\nat a provider: its list of allowed addresses"
        : String.join("\nor:\n", line, login, open, connect);
  }

  /** An earlier line for the same connection, one that rejects it for example, would win. */
  private static String line(String text, String who) {
    var host = HOST.matcher(text);
    var address = "ADDRESS/MASK";
    if (host.find()) {
      address = host.group(1) + (host.group(1).contains(":") ? "/128" : "/32");
    }
    return "make this the first line of pg_hba.conf: "
        + (text.contains("no encryption") ? "host " : "hostssl ")
        + who
        + " "
        + address
        + " scram-sha-256; then:\nSELECT pg_reload_conf();";
  }
}
