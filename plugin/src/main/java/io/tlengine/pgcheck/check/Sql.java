package io.tlengine.pgcheck.check;

import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.DatabaseFacts.Setting;

/** SQL for remedies, as it can be pasted. */
public final class Sql {

  private Sql() {}

  /** A name in double quotes. */
  public static String name(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** A text in single quotes. */
  public static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /**
   * A setting of a session, and where it was made.
   *
   * @param source as in pg_settings.source; the names are those of pg_db_role_setting
   * @param url the Secret and key of the session's URL
   */
  public record Place(String name, String source, String role, String database, String url) {

    static Place of(DatabaseFacts facts, String name) {
      return new Place(
          name,
          facts.setting(name).map(Setting::source).orElse("default"),
          facts.role().name(),
          facts.session().database(),
          facts.source());
    }

    /**
     * Takes the setting back where it was made. Each statement has a line of its own: several in
     * one psql -c would be one transaction, in which ALTER SYSTEM and the like do not run.
     */
    public String reset() {
      return switch (source) {
        case "global" -> "ALTER ROLE ALL RESET " + name + ";";
        case "database" -> "ALTER DATABASE " + Sql.name(database) + " RESET " + name + ";";
        case "user" -> "ALTER ROLE " + Sql.name(role) + " RESET " + name + ";";
        case "database user" ->
            "ALTER ROLE "
                + Sql.name(role)
                + " IN DATABASE "
                + Sql.name(database)
                + " RESET "
                + name
                + ";";
        case "client" -> "take -c " + name + "=... out of options= in the URL of " + url;
        case "command line" -> "take " + name + " out of the server's command line, and restart it";
        default ->
            "ALTER SYSTEM RESET "
                + name
                + ";\nSELECT pg_reload_conf();\nif it stays, it is written in postgresql.conf";
      };
    }

    /** As in "set for the role app". */
    public String origin() {
      return switch (source) {
        case "global" -> "set for all roles (ALTER ROLE ALL)";
        case "database" -> "set for the database " + database;
        case "user" -> "set for the role " + role;
        case "database user" -> "set for the role " + role + " in the database " + database;
        case "client" -> "set by the URL's options";
        case "command line" -> "set on the server's command line";
        default -> "set for the whole server";
      };
    }
  }

  public static String reset(DatabaseFacts facts, String name) {
    return Place.of(facts, name).reset();
  }

  public static String origin(DatabaseFacts facts, String name) {
    return Place.of(facts, name).origin();
  }

  /** Whether users may change it: a managed service sets the rest by itself. */
  public static boolean ownOverride(DatabaseFacts facts, String name) {
    return switch (Place.of(facts, name).source()) {
      case "global", "database", "user", "database user", "client" -> true;
      default -> false;
    };
  }
}
