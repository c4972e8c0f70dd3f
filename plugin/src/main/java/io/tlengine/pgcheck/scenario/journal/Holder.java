package io.tlengine.pgcheck.scenario.journal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The process that holds a release's Lease.
 *
 * @param boot the running system, so that two machines of one name are told apart; empty where the
 *     system does not say
 * @param startedAt of the process, to the second: process ids are given out again
 */
public record Holder(String user, String host, String boot, long pid, Instant startedAt) {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int BOOT_CHARACTERS = 8;
  private static final Pattern FORM =
      Pattern.compile("(.*)@([^ ]+)(?: boot ([0-9a-f]+))? pid (\\d{1,18}) started (\\S+)");

  /** This very process. */
  public static Holder self() {
    var process = ProcessHandle.current();
    return new Holder(
        System.getProperty("user.name", "unknown"),
        hostName(),
        bootId(),
        process.pid(),
        start(process));
  }

  /** As it stands in the Lease, for people, too. */
  String text() {
    return user
        + "@"
        + host
        + (boot.isEmpty() ? "" : " boot " + boot)
        + " pid "
        + pid
        + " started "
        + startedAt;
  }

  /** Empty when somebody else wrote it. */
  static Optional<Holder> parse(String text) {
    var match = FORM.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Holder(
              match.group(1),
              match.group(2),
              match.group(3) == null ? "" : match.group(3),
              Long.parseLong(match.group(4)),
              Instant.parse(match.group(5))));
    } catch (java.time.format.DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** It ran as this user on this very system, and runs no more. */
  boolean endedHere() {
    var here = self();
    return !boot.isEmpty()
        && boot.equals(here.boot)
        && host.equals(here.host)
        && user.equals(here.user)
        && ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .filter(p -> start(p).equals(startedAt))
            .isEmpty();
  }

  private static Instant start(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH).truncatedTo(ChronoUnit.SECONDS);
  }

  private static String hostName() {
    var variable = System.getenv("HOSTNAME");
    if (variable != null && !variable.isBlank()) {
      return variable.strip();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip().substring(0, BOOT_CHARACTERS);
    } catch (IOException | IndexOutOfBoundsException e) {
      return "";
    }
  }
}
