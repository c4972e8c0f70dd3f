package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * The form of the database URL, without any part of it.
 *
 * @param source the Secret and key that hold it, as {@code Secret/name key KEY}
 * @param problem why it cannot be read; empty when it can
 * @param unknownParameters parameters behind the ? that libpq refuses
 * @param bareHash it can be read and holds a # that is not percent-encoded
 */
public record UrlFacts(
    String source, Optional<String> problem, List<String> unknownParameters, boolean bareHash) {

  public UrlFacts {
    unknownParameters = List.copyOf(unknownParameters);
  }
}
