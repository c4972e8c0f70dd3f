package io.tlengine.pgcheck.plan;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A libpq connection URI (PostgreSQL, "Connection URIs"): {@code
 * postgresql://user:password@host:port/database?parameter=value}. Holds the password: it never
 * becomes part of a fact, and {@link #toString} hides it.
 *
 * @param parameters the query part, percent-decoded, in order
 */
public record DatabaseUrl(
    String host,
    int port,
    String database,
    String user,
    String password,
    Map<String, String> parameters) {

  private static final int DEFAULT_PORT = 5432;

  public DatabaseUrl {
    parameters = Map.copyOf(parameters);
  }

  /** A text that is no usable connection URI; the message names the part, never the text. */
  public static final class MalformedUrlException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedUrlException(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return Objects.requireNonNullElse(super.getMessage(), "");
    }
  }

  public SslMode sslMode() {
    return Optional.ofNullable(parameters.get("sslmode"))
        .flatMap(SslMode::parse)
        .orElse(SslMode.PREFER);
  }

  public boolean channelBindingRequired() {
    return "require".equals(parameters.get("channel_binding"));
  }

  /** connect_timeout in seconds; zero and less mean to wait for ever, and 1 is read as 2. */
  public Optional<Duration> connectTimeout() {
    try {
      int seconds = Integer.parseInt(parameters.getOrDefault("connect_timeout", "0").strip());
      return seconds > 0 ? Optional.of(Duration.ofSeconds(Math.max(2, seconds))) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads a connection URI as libpq does: percent-encoding in every part, an empty user or database
   * is refused since the application in its pod has no login name to fall back on.
   */
  public static DatabaseUrl parse(String text) throws MalformedUrlException {
    if (text.isBlank()) {
      throw new MalformedUrlException("the URL is empty");
    }
    if (!text.equals(text.strip())) {
      throw new MalformedUrlException("the URL begins or ends with white space or a line break");
    }
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new MalformedUrlException("the URL holds a line break");
    }
    String rest;
    if (text.startsWith("postgresql://")) {
      rest = text.substring("postgresql://".length());
    } else if (text.startsWith("postgres://")) {
      rest = text.substring("postgres://".length());
    } else {
      throw new MalformedUrlException("the URL does not begin with postgresql://");
    }

    var parameters = new LinkedHashMap<String, String>();
    int question = rest.indexOf('?');
    if (question >= 0) {
      for (var pair : rest.substring(question + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals <= 0) {
          throw new MalformedUrlException("a parameter after the ? is not of the form name=value");
        }
        // No parameter is named in a message: it may be the tail of a password with a bare ?.
        parameters.put(
            decode(pair.substring(0, equals), "a parameter"),
            decode(pair.substring(equals + 1), "a parameter"));
      }
      rest = rest.substring(0, question);
    }

    int slash = rest.indexOf('/');
    var authority = slash >= 0 ? rest.substring(0, slash) : rest;
    var path = slash >= 0 ? rest.substring(slash + 1) : "";
    int at = authority.lastIndexOf('@');
    var userInfo = at >= 0 ? authority.substring(0, at) : "";
    if (userInfo.indexOf('@') >= 0) {
      throw new MalformedUrlException("user or password hold an unescaped @; write it as %40");
    }
    var hostPort = authority.substring(at + 1);
    int colon = userInfo.indexOf(':');
    var user = decode(colon >= 0 ? userInfo.substring(0, colon) : userInfo, "the user");
    var password = colon >= 0 ? decode(userInfo.substring(colon + 1), "the password") : "";
    var database = decode(path, "the database");

    user = user.isEmpty() ? parameters.getOrDefault("user", "") : user;
    password = password.isEmpty() ? parameters.getOrDefault("password", "") : password;
    database = database.isEmpty() ? parameters.getOrDefault("dbname", "") : database;
    if (user.isEmpty()) {
      throw new MalformedUrlException("the URL names no user");
    }
    if (database.isEmpty()) {
      throw new MalformedUrlException("the URL names no database");
    }
    if (hostPort.indexOf(',') >= 0) {
      throw new MalformedUrlException(
          "the URL names several hosts, and this version of pgcheck reads one");
    }
    var sslmode = parameters.get("sslmode");
    if (sslmode != null && SslMode.parse(sslmode).isEmpty()) {
      throw new MalformedUrlException(
          "sslmode is none of libpq's: disable, allow, prefer, require, verify-ca, verify-full");
    }
    var host = host(hostPort);
    host = host.isEmpty() ? parameters.getOrDefault("host", "") : host;
    if (host.isEmpty()) {
      throw new MalformedUrlException("the URL names no host");
    }
    return new DatabaseUrl(host, port(hostPort, parameters), database, user, password, parameters);
  }

  private static String host(String hostPort) throws MalformedUrlException {
    if (hostPort.startsWith("[")) {
      int end = hostPort.indexOf(']');
      if (end < 0) {
        throw new MalformedUrlException("the IPv6 address has no closing ]");
      }
      return hostPort.substring(1, end);
    }
    int colon = hostPort.indexOf(':');
    return decode(colon >= 0 ? hostPort.substring(0, colon) : hostPort, "the host");
  }

  private static int port(String hostPort, Map<String, String> parameters)
      throws MalformedUrlException {
    int colon = hostPort.indexOf(':', Math.max(hostPort.indexOf(']'), 0));
    var text = colon >= 0 ? hostPort.substring(colon + 1) : parameters.getOrDefault("port", "");
    if (text.isEmpty()) {
      return DEFAULT_PORT;
    }
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // The same word for a number out of range and for no number at all. The text itself may be
      // the tail of an unescaped password, so it is not shown.
    }
    throw new MalformedUrlException(
        "the port is no number from 1 to 65535; a / : or @ in the password must be percent-encoded");
  }

  private static String decode(String text, String part) throws MalformedUrlException {
    try {
      // URLDecoder reads + as a blank, libpq does not.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new MalformedUrlException(part + " holds a % that is not followed by two hex digits");
    }
  }

  @Override
  public String toString() {
    return "postgresql://" + user + ":***@" + host + ":" + port + "/" + database;
  }
}
