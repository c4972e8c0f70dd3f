package io.tlengine.pgcheck.plan;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The parameters that libpq takes in a URL (PostgreSQL 18, "Parameter Key Words"). It refuses a URL
 * with any other: {@code invalid URI query parameter}.
 */
public final class LibpqParameters {

  private static final Set<String> KNOWN =
      Set.of(
          "application_name",
          "channel_binding",
          "client_encoding",
          "connect_timeout",
          "dbname",
          "fallback_application_name",
          "gssdelegation",
          "gssencmode",
          "gsslib",
          "host",
          "hostaddr",
          "keepalives",
          "keepalives_count",
          "keepalives_idle",
          "keepalives_interval",
          "krbsrvname",
          "load_balance_hosts",
          "max_protocol_version",
          "min_protocol_version",
          "oauth_client_id",
          "oauth_client_secret",
          "oauth_issuer",
          "oauth_scope",
          "options",
          "passfile",
          "password",
          "port",
          "replication",
          "require_auth",
          "requirepeer",
          "requiressl",
          "scram_client_key",
          "scram_server_key",
          "service",
          "servicefile",
          "ssl",
          "ssl_max_protocol_version",
          "ssl_min_protocol_version",
          "sslcert",
          "sslcertmode",
          "sslcompression",
          "sslcrl",
          "sslcrldir",
          "sslkey",
          "sslkeylogfile",
          "sslmode",
          "sslnegotiation",
          "sslpassword",
          "sslrootcert",
          "sslsni",
          "target_session_attrs",
          "tcp_user_timeout",
          "user");

  private LibpqParameters() {}

  static boolean known(String name) {
    return KNOWN.contains(name);
  }

  /** Those that libpq refuses, in order. */
  public static List<String> unknown(Collection<String> names) {
    return names.stream().filter(n -> !KNOWN.contains(n)).sorted().toList();
  }
}
