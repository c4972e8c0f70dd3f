package io.tlengine.pgcheck.plan;

import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import java.util.Map;
import java.util.Set;

/** Values of parameters that libpq refuses before it connects (fe-connect.c, and its manual). */
final class UrlParameters {

  private UrlParameters() {}

  static void check(Map<String, String> parameters) throws MalformedUrlException {
    var sslmode = parameters.get("sslmode");
    if (sslmode != null && SslMode.parse(sslmode).isEmpty()) {
      throw new MalformedUrlException(
          "sslmode is none of libpq's: disable, allow, prefer, require, verify-ca, verify-full");
    }
    var session = parameters.get("target_session_attrs");
    if (session != null && TargetSession.parse(session).isEmpty()) {
      throw new MalformedUrlException(
          "target_session_attrs is none of libpq's: any, read-write, read-only, primary, standby,"
              + " prefer-standby");
    }
    among(parameters, "channel_binding", Set.of("disable", "prefer", "require"));
    among(parameters, "sslnegotiation", Set.of("postgres", "direct"));
    if (!parameters.getOrDefault("connect_timeout", "0").matches("\\s*[+-]?\\d{1,9}\\s*")) {
      throw new MalformedUrlException("connect_timeout is no number of seconds");
    }
    if ("direct".equals(parameters.get("sslnegotiation"))
        && SslMode.parse(parameters.getOrDefault("sslmode", "prefer"))
            .filter(SslMode::encryptionRequired)
            .isEmpty()) {
      throw new MalformedUrlException("sslnegotiation=direct wants sslmode=require or stronger");
    }
    if ("system".equals(parameters.get("sslrootcert"))
        && sslmode != null
        && !sslmode.equals(SslMode.VERIFY_FULL.text())) {
      throw new MalformedUrlException("sslrootcert=system wants sslmode=verify-full");
    }
  }

  /** The value itself is not shown: it may be the tail of a password with a bare ?. */
  private static void among(Map<String, String> parameters, String name, Set<String> values)
      throws MalformedUrlException {
    var value = parameters.get(name);
    if (value != null && !values.contains(value)) {
      throw new MalformedUrlException(
          name + " is none of libpq's: " + String.join(", ", values.stream().sorted().toList()));
    }
  }
}
