package io.tlengine.pgcheck.check;

import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.DatabaseFacts.Age;
import io.tlengine.pgcheck.fact.DatabaseFacts.Archiver;
import io.tlengine.pgcheck.fact.DatabaseFacts.ManagedService;
import io.tlengine.pgcheck.fact.DatabaseFacts.Role;
import io.tlengine.pgcheck.fact.DatabaseFacts.Room;
import io.tlengine.pgcheck.fact.DatabaseFacts.Server;
import io.tlengine.pgcheck.fact.DatabaseFacts.Session;
import io.tlengine.pgcheck.fact.DatabaseFacts.Setting;
import io.tlengine.pgcheck.fact.DatabaseFacts.Slot;
import io.tlengine.pgcheck.fact.DatabaseFacts.Text;
import io.tlengine.pgcheck.fact.DatabaseFacts.Wal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A healthy PostgreSQL 17 as it describes itself, and how it may differ. */
public final class Databases {

  private final Map<String, Setting> settings = new HashMap<>();
  private final List<Slot> slots = new ArrayList<>();
  private OptionalLong roundTrip = OptionalLong.empty();
  private boolean inRecovery;
  private boolean readOnly;
  private Optional<ManagedService> service = Optional.empty();
  private Text text = new Text("UTF8", "en_US.utf8", Optional.of("2.36"), Optional.of("2.36"));
  private List<String> pendingRestart = List.of();
  private Optional<List<String>> configurationErrors = Optional.empty();
  private Archiver archiver =
      new Archiver(0, 0, Optional.empty(), Optional.empty(), Optional.empty());
  private boolean hidesWal;
  private Age age = new Age("engine", 1_000, 1);
  private String source = Situations.SOURCE;

  private Databases() {
    for (var on :
        List.of(
            "fsync", "full_page_writes", "synchronous_commit", "data_checksums", "autovacuum")) {
      setting(on, "on", "default");
    }
    for (var off :
        List.of(
            "zero_damaged_pages",
            "ignore_checksum_failure",
            "data_sync_retry",
            "default_transaction_read_only",
            "archive_mode")) {
      setting(off, "off", "default");
    }
    setting("autovacuum_freeze_max_age", "200000000", "default");
    setting("autovacuum_multixact_freeze_max_age", "400000000", "default");
  }

  public static Databases database() {
    return new Databases();
  }

  /**
   * @param origin as pg_settings.source
   */
  public Databases setting(String name, String value, String origin) {
    settings.put(name, new Setting(value, "", origin));
    return this;
  }

  public Databases inRecovery() {
    inRecovery = true;
    readOnly = true;
    return this;
  }

  public Databases readOnly(String origin) {
    readOnly = true;
    return setting("default_transaction_read_only", "on", origin);
  }

  public Databases managedBy(ManagedService value) {
    service = Optional.of(value);
    return this;
  }

  public Databases text(Text value) {
    text = value;
    return this;
  }

  public Databases pendingRestart(String... names) {
    pendingRestart = List.of(names);
    return this;
  }

  public Databases configurationErrors(String... lines) {
    configurationErrors = Optional.of(List.of(lines));
    return this;
  }

  public Databases slot(Slot slot) {
    slots.add(slot);
    return this;
  }

  public Databases archiver(Archiver value) {
    archiver = value;
    return setting("archive_mode", "on", "configuration file");
  }

  public Databases hidesWal() {
    hidesWal = true;
    return this;
  }

  public Databases age(Age value) {
    age = value;
    return this;
  }

  public Databases roundTripMillis(long value) {
    roundTrip = OptionalLong.of(value);
    return this;
  }

  public Databases source(String value) {
    source = value;
    return this;
  }

  public DatabaseFacts facts() {
    return new DatabaseFacts(
        source,
        new Server(170_006, "17.6", Instant.EPOCH, inRecovery, readOnly, service),
        new Session(4711, true, "engine"),
        new Role(
            "app",
            false,
            false,
            -1,
            Optional.empty(),
            false,
            false,
            false,
            Optional.of("public"),
            false),
        new Room(100, 3, 0, 5, -1, 4, 2, Map.of()),
        text,
        settings,
        pendingRestart,
        configurationErrors,
        hidesWal ? Optional.empty() : Optional.of(new Wal(slots, archiver)),
        List.of(age),
        8_000_000,
        2,
        roundTrip);
  }
}
