package io.tlengine.pgcheck.scenario.journal;

import io.tlengine.pgcheck.scenario.server.DatabaseSecret;
import java.util.Optional;

/**
 * What a run works on: a release, or one StatefulSet that the user named.
 *
 * @param name under which Lease and journal are kept: a set that belongs to a release has the
 *     release's, so that two runs on it exclude each other
 * @param arguments as they are typed behind "helm pgcheck persistence"
 * @param login the Secret that the user named for logging in
 */
public record Target(String name, String arguments, Optional<DatabaseSecret> login) {

  public static Target release(String release) {
    return new Target(release, release, Optional.empty());
  }
}
