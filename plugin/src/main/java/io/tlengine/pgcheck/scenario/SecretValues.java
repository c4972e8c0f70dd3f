package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.plan.SecretRecipe;
import io.tlengine.pgcheck.plan.SecretRecipe.Part;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The values of the keys that a Secret lacks.
 *
 * @param values by key
 * @param origins how each came about, by key, in words without the value
 */
record SecretValues(Map<String, String> values, Map<String, String> origins) {

  /** Letters and digits alone: safe in a URL, in SQL, in a shell and in YAML. 190 bits. */
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private static final int PASSWORD_LENGTH = 32;

  SecretValues {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
    origins = Collections.unmodifiableMap(new LinkedHashMap<>(origins));
  }

  /** The values are nobody's to read. */
  @Override
  public String toString() {
    return origins.toString();
  }

  /** A value, and how it came about. */
  private record Value(String text, String origin) {}

  /**
   * @param missing the keys that the Secret lacks
   * @param there what it has
   * @param given values from outside; every missing one that only the user knows is among them
   */
  static SecretValues of(
      Map<String, Part> missing, Map<String, String> there, Map<String, String> given) {
    var values = new TreeMap<String, String>();
    var origins = new LinkedHashMap<String, String>();
    var urls = new TreeMap<String, Part.OwnUrl>();
    missing.forEach(
        (key, part) -> {
          if (part instanceof Part.OwnUrl url && !given.containsKey(key)) {
            urls.put(key, url);
          } else {
            var value = value(key, part, given);
            values.put(key, value.text());
            origins.put(key, value.origin());
          }
        });
    // URLs are composed of the others, so they come last.
    var all = new TreeMap<>(there);
    all.putAll(values);
    urls.forEach(
        (key, url) -> {
          values.put(
              key,
              url.of(all.getOrDefault(url.userKey(), ""), all.getOrDefault(url.passwordKey(), "")));
          origins.put(key, "composed for " + url.host() + ":" + url.port() + "/" + url.database());
        });
    return new SecretValues(values, origins);
  }

  private static Value value(String key, Part part, Map<String, String> given) {
    var known = given.get(key);
    if (known != null) {
      return new Value(known, "yours");
    }
    return switch (part) {
      case Part.UserName user -> new Value(SecretRecipe.USER, SecretRecipe.USER);
      case Part.NewPassword password ->
          new Value(password(), "new, " + PASSWORD_LENGTH + " letters and digits");
      case Part.OwnUrl url -> throw new IllegalStateException(key);
      case Part.FromOutside outside -> throw new IllegalStateException(key);
    };
  }

  private static String password() {
    return new SecureRandom()
        .ints(PASSWORD_LENGTH, 0, ALPHABET.length())
        .mapToObj(i -> ALPHABET.substring(i, i + 1))
        .collect(Collectors.joining());
  }
}
