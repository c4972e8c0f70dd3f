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

  /** Takes a setting back where it was made (pg_settings.source; pg_db_role_setting). */
  public static String reset(DatabaseFacts facts, String name) {
    var role = "ALTER ROLE " + name(facts.role().name());
    var database = name(facts.session().database());
    return switch (facts.setting(name).map(Setting::source).orElse("default")) {
      case "global" -> "ALTER ROLE ALL RESET " + name + ";";
      case "database" -> "ALTER DATABASE " + database + " RESET " + name + ";";
      case "user" -> role + " RESET " + name + ";";
      case "database user" -> role + " IN DATABASE " + database + " RESET " + name + ";";
      case "client" -> "take -c " + name + "=... out of options= in the URL of " + facts.source();
      case "command line" -> "take " + name + " out of the server's command line, and restart it";
      default ->
          "ALTER SYSTEM RESET "
              + name
              + "; SELECT pg_reload_conf(); if it stays, it is written in postgresql.conf";
    };
  }

  /** As in "by this role's own setting". */
  public static String origin(DatabaseFacts facts, String name) {
    return switch (facts.setting(name).map(Setting::source).orElse("default")) {
      case "global" -> "set for all roles (ALTER ROLE ALL)";
      case "database" -> "set for the database " + facts.session().database();
      case "user" -> "set for the role " + facts.role().name();
      case "database user" ->
          "set for the role "
              + facts.role().name()
              + " in the database "
              + facts.session().database();
      case "client" -> "set by the URL's options";
      case "command line" -> "set on the server's command line";
      default -> "set for the whole server";
    };
  }

  /** Whether users may change it: a managed service sets the rest by itself. */
  public static boolean ownOverride(DatabaseFacts facts, String name) {
    return switch (facts.setting(name).map(Setting::source).orElse("default")) {
      case "global", "database", "user", "database user", "client" -> true;
      default -> false;
    };
  }
}
