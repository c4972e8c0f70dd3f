package io.tlengine.pgcheck.plan;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A libpq connection URI (PostgreSQL, "Connection URIs"): {@code
 * postgresql://user:password@host:port/database?parameter=value}. Holds the password: it never
 * becomes part of a fact, and {@link #toString} hides it.
 *
 * @param endpoints the servers to try, in this order
 * @param parameters the query part, percent-decoded, in order
 */
public record DatabaseUrl(
    List<Endpoint> endpoints,
    String database,
    String user,
    String password,
    Map<String, String> parameters) {

  /** Of the same URL as Java's drivers take it. */
  public static final String JDBC = "jdbc:";

  private static final Pattern SERVER = Pattern.compile("(\\[[^\\]]*\\]|[^:]*)(:[0-9]*)?");

  public DatabaseUrl {
    endpoints = List.copyOf(endpoints);
    parameters = Map.copyOf(parameters);
  }

  /** Of one server. */
  public DatabaseUrl(
      String host,
      int port,
      String database,
      String user,
      String password,
      Map<String, String> parameters) {
    this(List.of(new Endpoint(host, host, port)), database, user, password, parameters);
  }

  /**
   * One server.
   *
   * @param host by which its certificate and SNI go
   * @param address what to connect to: the host, unless the URL has a hostaddr
   */
  public record Endpoint(String host, String address, int port) {}

  /** Of the first server. */
  public String host() {
    return endpoints.getFirst().host();
  }

  /** Of the first server. */
  public String address() {
    return endpoints.getFirst().address();
  }

  /** Of the first server. */
  public int port() {
    return endpoints.getFirst().port();
  }

  /** The same for one of its servers alone. */
  public DatabaseUrl at(Endpoint endpoint) {
    return new DatabaseUrl(List.of(endpoint), database, user, password, parameters);
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

  /**
   * What libpq makes of sslmode: with a root certificate, require verifies the chain; with the
   * system's roots, verify-full is the default (PostgreSQL, "SSL Support", and sslrootcert).
   */
  public SslMode sslMode() {
    var roots = parameters.getOrDefault("sslrootcert", "");
    var mode = Optional.ofNullable(parameters.get("sslmode")).flatMap(SslMode::parse);
    if (roots.equals("system")) {
      return mode.orElse(SslMode.VERIFY_FULL);
    }
    return mode.map(m -> m == SslMode.REQUIRE && !roots.isEmpty() ? SslMode.VERIFY_CA : m)
        .orElse(SslMode.PREFER);
  }

  /** The kind of server that may be settled on. */
  public TargetSession targetSession() {
    return Optional.ofNullable(parameters.get("target_session_attrs"))
        .flatMap(TargetSession::parse)
        .orElse(TargetSession.ANY);
  }

  public boolean channelBindingRequired() {
    return "require".equals(parameters.get("channel_binding"));
  }

  /** connect_timeout in seconds; zero and less mean to wait for ever, and 1 is read as 2. */
  public OptionalInt connectTimeoutSeconds() {
    int seconds = Integer.parseInt(parameters.getOrDefault("connect_timeout", "0").strip());
    return seconds > 0 ? OptionalInt.of(Math.max(2, seconds)) : OptionalInt.empty();
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
      throw new MalformedUrlException(UrlStart.problem(text));
    }

    refuseQuestionBeforeAt(rest);
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
    refuseSlashBeforeAt(rest, parameters);

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
    UrlParameters.check(parameters);
    return new DatabaseUrl(
        Endpoints.parse(hostPort, parameters), database, user, password, parameters);
  }

  /**
   * The part before the @ ends at the first ?, so that one in a password cuts it off. An @ may well
   * stand in a parameter, but before a parameter's name only in the rest of a password.
   */
  private static void refuseQuestionBeforeAt(String rest) throws MalformedUrlException {
    int at = rest.indexOf('@');
    int slash = rest.indexOf('/');
    int question = rest.indexOf('?');
    if (question >= 0
        && question < at
        && (slash < 0 || question < slash)
        && !rest.substring(question + 1, at).contains("=")) {
      throw new MalformedUrlException(
          "a ? stands before the @; in the user or the password it is written %3F");
    }
  }

  /**
   * The same of a /, behind which an @ may well be the database's: it is a password's where what is
   * before the / is no server. A user's name and the digits of its password look like one with a
   * port; then it is a server if the parameters name the user, without whom there is no login.
   */
  private static void refuseSlashBeforeAt(String rest, Map<String, String> parameters)
      throws MalformedUrlException {
    int slash = rest.indexOf('/');
    if (slash < 0 || slash > rest.indexOf('@')) {
      return;
    }
    var before = rest.substring(0, slash);
    boolean servers = Arrays.stream(before.split(",", -1)).allMatch(SERVER.asMatchPredicate());
    if (!servers || (before.contains(":") && !parameters.containsKey("user"))) {
      throw new MalformedUrlException(
          "a / stands before the @; in the user or the password it is written %2F");
    }
  }

  /**
   * An unescaped # in a text that {@link #parse} reads: libpq takes it as it is, and for what reads
   * URLs by their standard (RFC 3986) the URL ends there.
   */
  public static boolean bareHash(String text) {
    return text.indexOf('#') >= 0;
  }

  static String decode(String text, String part) throws MalformedUrlException {
    try {
      // URLDecoder reads + as a blank, libpq does not.
      var decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (decoded.indexOf('\0') >= 0) {
        throw new MalformedUrlException(part + " holds a %00");
      }
      return decoded;
    } catch (IllegalArgumentException e) {
      throw new MalformedUrlException(part + " holds a % that is not followed by two hex digits");
    }
  }

  @Override
  public String toString() {
    var servers = endpoints.stream().map(e -> e.host() + ":" + e.port()).toList();
    return "postgresql://" + user + ":***@" + String.join(",", servers) + "/" + database;
  }
}
