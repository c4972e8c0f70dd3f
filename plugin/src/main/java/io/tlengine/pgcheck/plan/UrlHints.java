package io.tlengine.pgcheck.plan;

import java.util.Optional;

/**
 * Where a chart that is not ours has its database URL, as the user says. Never the URL itself.
 *
 * @param secret the Secret that holds it
 * @param key the key in it; absent: named as the variable
 * @param variable the containers' variable; absent: DATABASE_URL
 */
public record UrlHints(Optional<String> secret, Optional<String> key, Optional<String> variable) {

  public static final UrlHints NONE =
      new UrlHints(Optional.empty(), Optional.empty(), Optional.empty());

  String variableName() {
    return variable.orElse(PlanReader.URL_VARIABLE);
  }

  String keyName() {
    return key.orElseGet(this::variableName);
  }
}
