package io.tlengine.pgcheck.fact;

import io.tlengine.pgcheck.plan.UrlRole;
import java.util.List;
import java.util.Optional;

/** What the plan's URLs besides the application's own lead to: the direct one, the read one. */
public record OtherDatabases(List<OtherDatabase> all) {

  public OtherDatabases {
    all = List.copyOf(all);
  }

  /**
   * @param url the form of the URL
   * @param connection absent when the URL cannot be read
   * @param database absent without a login
   */
  public record OtherDatabase(
      UrlRole role,
      UrlFacts url,
      Optional<ConnectionFacts> connection,
      Optional<DatabaseFacts> database) {}

  /** The one of this role, if the plan has its URL. */
  public Optional<OtherDatabase> of(UrlRole role) {
    return all.stream().filter(o -> o.role() == role).findFirst();
  }
}
