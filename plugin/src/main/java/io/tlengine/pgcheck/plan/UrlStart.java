package io.tlengine.pgcheck.plan;

import java.util.regex.Pattern;

/**
 * What a value begins with that should be a connection URI, in words that show nothing of it: it
 * may be a password that was put under the wrong key.
 */
final class UrlStart {

  private static final String WANTED = "; wanted: postgresql:// as its first characters";

  /** With export before it, as in a file of the shell. */
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=.*", Pattern.DOTALL);

  /** What an assignment to a URL's variable goes on with. */
  private static final Pattern URL_INSIDE = Pattern.compile("(?i)=\\s*['\"]?postgres");

  private static final Pattern COMMAND = Pattern.compile("(?:psql|pg_dump|pg_restore)\\s.*");

  /** SQLAlchemy's: dialect+driver. */
  private static final Pattern DRIVER = Pattern.compile("(?i)postgres(?:ql)?\\+[a-z0-9_]+:.*");

  private static final Pattern SCHEME = Pattern.compile("(?i)postgres(?:ql)?:.*");
  private static final Pattern CAPITALS = Pattern.compile("(?i)postgres(?:ql)?://.*");

  /** "postgres", encoded once more than Kubernetes does it by itself. */
  private static final String BASE64 = "cG9zdGdyZX";

  private UrlStart() {}

  /** Why a text that does not begin with postgresql:// or postgres:// is none. */
  static String problem(String text) {
    if (text.charAt(0) == '\uFEFF') {
      return "the URL begins with a byte order mark, which an editor puts there unseen" + WANTED;
    }
    if ("'\"`\u2018\u201c\u00ab".indexOf(text.charAt(0)) >= 0) {
      return "the URL stands in quotation marks, which are no part of it" + WANTED;
    }
    if (text.regionMatches(true, 0, DatabaseUrl.JDBC, 0, DatabaseUrl.JDBC.length())) {
      return "the URL begins with jdbc:, which Java's driver alone reads; wanted: postgresql://";
    }
    if (COMMAND.matcher(text).matches()) {
      return "the value is a whole command, as a provider's page shows it; wanted: only the URL in"
          + " it, without the program and the quotation marks";
    }
    var assignment = ASSIGNMENT.matcher(text);
    if (assignment.matches() && LibpqParameters.known(assignment.group(1))) {
      return "the value is in libpq's form of keywords (host=... dbname=...), which psql reads and"
          + " most other clients, Java's driver among them, do not; wanted: the same as a URL";
    }
    if (assignment.matches() && URL_INSIDE.matcher(text).find()) {
      return "the value begins with a variable's name and =, as in a file of variables; wanted: only"
          + " what stands behind the =";
    }
    if (DRIVER.matcher(text).matches()) {
      return "the URL names a driver behind a +, which SQLAlchemy alone reads; wanted:"
          + " postgresql://";
    }
    if (CAPITALS.matcher(text).matches()) {
      return "the URL's beginning is not in small letters" + WANTED;
    }
    if (SCHEME.matcher(text).matches()) {
      return "the URL has not two slashes behind its first colon" + WANTED;
    }
    return text.startsWith(BASE64)
        ? "the URL is encoded in base64 once more than Kubernetes does it; wanted: the URL itself"
            + " under stringData, or encoded once under data"
        : "the URL does not begin with postgresql://";
  }
}
