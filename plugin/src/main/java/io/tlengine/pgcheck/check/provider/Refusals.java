package io.tlengine.pgcheck.check.provider;

import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What providers' proxies and poolers say when they refuse, in place of the server behind them.
 * Their SQLSTATEs are blurred (XX000, 08P01), so that the text decides.
 */
final class Refusals {

  /** Codes with a clear meaning of PostgreSQL's own are not a proxy's. */
  private static final Set<String> PROXIES = Set.of("XX000", "08P01", "08004", "08006", "28000");

  private static final String TOO_MANY = "53300";

  /** Texts for "no connection left" of poolers that send another code. */
  private static final List<String> FULL =
      List.of("no more connections allowed", "max client connections reached");

  private Refusals() {}

  /**
   * One refusal of a provider.
   *
   * @param meaning the fault, in words that need no manual
   */
  record Refusal(String provider, String meaning, String remedy) {}

  private record Known(String text, Refusal refusal) {
    static Known neon(String text, String meaning, String remedy) {
      return new Known(text, new Refusal("Neon", meaning, remedy));
    }
  }

  /**
   * Neon: github.com/neondatabase/neon, proxy/src/auth/mod.rs, control_plane/{errors,messages}.rs,
   * and neon.com/docs/connect/connection-errors. Supabase: supabase.com/docs/guides/
   * troubleshooting. Azure: learn.microsoft.com, "Troubleshoot connections". PgBouncer:
   * pgbouncer.org/config, ignore_startup_parameters. The more special text stands first.
   */
  private static final List<Known> KNOWN =
      List.of(
          Known.neon(
              "endpoint cannot be found",
              "there is no such endpoint: the name is wrong, or it was deleted with its branch",
              "copy the connection string anew from the project's page at Neon (Connect)"),
          Known.neon(
              "endpoint is disabled",
              "the endpoint is disabled",
              "enable it at Neon: Branches, the branch, its compute, Edit; or by its API: PATCH"
                  + " /projects/ID/endpoints/ID {\"endpoint\": {\"disabled\": false}}"),
          Known.neon(
              "compute time quota",
              "the project has used up its compute time of this month",
              "raise the plan or the quota at Neon (Billing), or wait for the next month; what"
                  + " keeps it awake: helm pgcheck checks PGC-504"),
          Known.neon(
              "active time quota",
              "the project has used up its active time of this month",
              "raise the plan or the quota at Neon (Billing), or wait for the next month; what"
                  + " keeps it awake: helm pgcheck checks PGC-504"),
          Known.neon(
              "data transfer quota",
              "the project has used up its data transfer of this month",
              "raise the plan or the quota at Neon (Billing), or wait for the next month"),
          Known.neon(
              "written data quota",
              "the project has used up its written data of this month",
              "raise the plan or the quota at Neon (Billing), or wait for the next month"),
          Known.neon(
              "logical size quota",
              "the branch is larger than the project's quota",
              "raise the plan or the quota at Neon (Billing), or delete data"),
          Known.neon(
              "exceeded the",
              "a quota of the project is used up",
              "look at Neon's Billing page which one, and raise it"),
          Known.neon(
              "endpoint is temporarily unavailable",
              "the endpoint is unavailable: a quota is used up, or maintenance",
              "look at the project's quotas at Neon (Billing) and at neonstatus.com"),
          Known.neon(
              "active endpoints limit exceeded",
              "too many computes of the project are active at once",
              "let unused branches suspend, or delete their computes; or ask Neon to raise the"
                  + " limit"),
          Known.neon(
              "is not allowed to connect to this endpoint",
              "the project's list of allowed addresses does not have this one",
              "add the address that the message names, and those by which the nodes leave the"
                  + " cluster, at Neon: Settings, Networking, IP Allow"),
          Known.neon(
              "from a blocked network",
              "the project does not take connections from public networks",
              "allow public connections at Neon (Settings, Networking), or connect through its"
                  + " private network"),
          Known.neon(
              "vpc endpoint",
              "the endpoint takes connections of its private network alone",
              "connect through the VPC endpoint that is allowed at Neon (Settings, Networking)"),
          Known.neon(
              "too many connections to this endpoint",
              "the endpoint takes no more connections at this rate",
              "wait, then connect through the pooler (-pooler in the host's name)"),
          Known.neon(
              "too many connections attempts",
              "the proxy takes no more attempts at this rate",
              "wait, then connect through the pooler (-pooler in the host's name)"),
          Known.neon(
              "failed to acquire permit",
              "too many connections to this database are being opened at once",
              "wait, then let fewer pods start at a time, or connect through the pooler"),
          Known.neon(
              "couldn't connect to compute node",
              "the proxy did not reach the compute, as may happen while it wakes",
              "run again in a minute; if it stays, look at neonstatus.com"),
          Known.neon(
              "connection is insecure",
              "Neon takes encrypted connections only",
              "put sslmode=require (better: verify-full) into the URL"),
          Known.neon(
              "control plane request failed",
              "Neon could not tell where the database runs",
              "run again in a minute; if it stays, look at neonstatus.com"),
          new Known(
              "tenant or user not found",
              new Refusal(
                  "Supabase",
                  "the pooler knows no such project: its user names are ROLE.PROJECT, and each"
                      + " region has a host of its own",
                  "copy the pooler's connection string anew from the project's page (Connect)")),
          new Known(
              "is not allowed to connect to this server",
              new Refusal(
                  "Azure",
                  "the server's firewall does not let this address in",
                  "az postgres flexible-server firewall-rule create --resource-group GROUP --name"
                      + " SERVER --rule-name NAME --start-ip-address IP --end-ip-address IP")),
          new Known(
              "unsupported startup parameter",
              new Refusal(
                  "a pooler",
                  "the pooler refuses a setting that the URL sends at the login",
                  "take options=... out of the URL and set it for the role (ALTER ROLE name SET"
                      + " ...), use the direct URL, or let the pooler ignore it"
                      + " (ignore_startup_parameters)")));

  /** What a provider meant; empty when it is PostgreSQL's own refusal, or full. */
  static Optional<Refusal> of(LoginAttempt.Refused refused) {
    var text = refused.message().toLowerCase(Locale.ROOT);
    return full(refused) || noEndpoint(refused) || !PROXIES.contains(refused.sqlState())
        ? Optional.empty()
        : KNOWN.stream().filter(k -> text.contains(k.text())).map(Known::refusal).findFirst();
  }

  /** No connection was left, of server, database, role or pooler. */
  static boolean full(LoginAttempt.Refused refused) {
    var text = refused.message().toLowerCase(Locale.ROOT);
    return refused.sqlState().equals(TOO_MANY) || FULL.stream().anyMatch(text::contains);
  }

  /** Neon's proxy could not tell which endpoint is meant. */
  static boolean noEndpoint(LoginAttempt.Refused refused) {
    var text = refused.message().toLowerCase(Locale.ROOT);
    return text.contains("endpoint id is not specified")
        || text.contains("sni is missing")
        || text.contains("inconsistent project name");
  }
}
