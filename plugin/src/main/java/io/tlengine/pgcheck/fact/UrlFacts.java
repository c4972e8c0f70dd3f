package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * The form of the database URL, without any part of it.
 *
 * @param source the Secret and key that hold it, as {@code Secret/name key KEY}
 * @param problem why it cannot be read; empty when it can
 * @param unknownParameters parameters behind the ? that libpq refuses
 */
public record UrlFacts(String source, Optional<String> problem, List<String> unknownParameters) {

  public UrlFacts {
    unknownParameters = List.copyOf(unknownParameters);
  }
}
