package io.tlengine.pgcheck.fact;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a database says about itself to an ordinary role, in one query on the connection of the
 * login. Behind a pooler it is the server's answer, not the pooler's.
 *
 * @param source the Secret and key whose URL led there, as {@code Secret/name key KEY}
 * @param settings of pg_settings, by name: those that checks judge, and no others
 * @param pendingRestart names of the settings that wait for a restart
 * @param configurationErrors lines of configuration files that could not be applied; absent when
 *     the role may not look (pg_file_settings)
 * @param wal what holds WAL back; absent where the server has no such functions (Aurora)
 * @param databases ages of the databases of this server, the oldest first
 * @param millis of the query
 * @param roundTripMillis the shortest of a few empty queries; from inside the cluster alone, since
 *     no other distance is the application's
 */
public record DatabaseFacts(
    String source,
    Server server,
    Session session,
    Role role,
    Room room,
    Text text,
    Map<String, Setting> settings,
    List<String> pendingRestart,
    Optional<List<String>> configurationErrors,
    Optional<Wal> wal,
    List<Age> databases,
    long databaseBytes,
    long millis,
    OptionalLong roundTripMillis) {

  public DatabaseFacts {
    settings = Map.copyOf(settings);
    pendingRestart = List.copyOf(pendingRestart);
    configurationErrors = configurationErrors.map(List::copyOf);
    databases = List.copyOf(databases);
  }

  /** A setting, if this server has it. */
  public Optional<Setting> setting(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  public Optional<String> value(String name) {
    return setting(name).map(Setting::value);
  }

  /** Whether a setting of the type bool is on. */
  public boolean on(String name) {
    return value(name).filter("on"::equals).isPresent();
  }

  /** The major version, for example 17. */
  public int major() {
    return server.versionNumber() / 10_000;
  }

  /**
   * @param versionNumber server_version_num, for example 170006
   * @param version server_version, with what packagers append
   * @param inRecovery pg_is_in_recovery(): a standby, which takes no writes
   * @param readOnly transaction_read_only of the session as it began
   * @param provider by settings and functions of its own, not by host name
   */
  public record Server(
      int versionNumber,
      String version,
      Instant startedAt,
      boolean inRecovery,
      boolean readOnly,
      Optional<ManagedService> provider) {}

  /**
   * @param pid the server process; behind a pooler the one that it lent us
   * @param encrypted the server's own view of this session; a pooler's hop behind a pooler
   * @param database current_database()
   */
  public record Session(int pid, boolean encrypted, String database) {}

  /**
   * The role that logged in, and what it may do.
   *
   * @param connectionLimit pg_roles.rolconnlimit, -1 for none
   * @param validUntil when the password expires
   * @param seesAllStatistics member of pg_read_all_stats or superuser
   * @param usesReserved member of pg_use_reserved_connections (from PostgreSQL 16)
   * @param createInDatabase may create schemas
   * @param schema current_schema(): where its tables would go; absent when no schema of its
   *     search_path exists
   * @param createInSchema may create there
   */
  public record Role(
      String name,
      boolean superuser,
      boolean replication,
      int connectionLimit,
      Optional<Instant> validUntil,
      boolean seesAllStatistics,
      boolean usesReserved,
      boolean createInDatabase,
      Optional<String> schema,
      boolean createInSchema) {}

  /**
   * Connection slots. All counts leave out the session that asked.
   *
   * @param reserved reserved_connections (from PostgreSQL 16), else 0
   * @param used connections to any database (pg_stat_database.numbackends, right for any role)
   * @param databaseLimit pg_database.datconnlimit, -1 for none
   * @param usedOfDatabase connections to this database
   * @param usedOfRole connections of this role, to any database
   * @param roleByApplication connections of this role by application_name
   */
  public record Room(
      int maxConnections,
      int superuserReserved,
      int reserved,
      int used,
      int databaseLimit,
      int usedOfDatabase,
      int usedOfRole,
      Map<String, Integer> roleByApplication) {
    public Room {
      roleByApplication = Map.copyOf(roleByApplication);
    }
  }

  /**
   * @param encoding server_encoding of the database, for example UTF8
   * @param collationVersion what the database was made with (from PostgreSQL 15), absent for C
   * @param actualCollationVersion what the server's libraries have now
   */
  public record Text(
      String encoding,
      String collate,
      Optional<String> collationVersion,
      Optional<String> actualCollationVersion) {}

  /**
   * One row of pg_settings.
   *
   * @param source default, configuration file, command line, global (ALTER ROLE ALL), database,
   *     user, database user, client
   * @param unit for example 8kB; empty without one
   */
  public record Setting(String value, String unit, String source) {}

  /** Replication slots and the archiver. */
  public record Wal(List<Slot> slots, Archiver archiver) {
    public Wal {
      slots = List.copyOf(slots);
    }
  }

  /**
   * One row of pg_replication_slots.
   *
   * @param status wal_status: reserved, extended, unreserved or lost; absent before its first use
   * @param retainedBytes WAL from its restart_lsn to now
   */
  public record Slot(
      String name,
      String type,
      boolean active,
      boolean temporary,
      Optional<String> status,
      long retainedBytes) {}

  /** pg_stat_archiver. */
  public record Archiver(
      long archived,
      long failed,
      Optional<Instant> lastArchivedAt,
      Optional<Instant> lastFailedAt,
      Optional<String> lastFailedWal) {}

  /**
   * @param transactions age(datfrozenxid)
   * @param multixacts mxid_age(datminmxid)
   */
  public record Age(String database, long transactions, long multixacts) {}

  /** Services that run PostgreSQL for others and have settings or functions of their own. */
  public enum ManagedService {
    NEON("Neon"),
    AURORA("Amazon Aurora"),
    RDS("Amazon RDS"),
    AZURE("Azure Database for PostgreSQL"),
    CLOUD_SQL("Google Cloud SQL"),
    ALLOYDB("Google AlloyDB");

    private final String text;

    ManagedService(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
