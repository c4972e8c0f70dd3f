package io.tlengine.pgcheck.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A check's evidence as one sentence for people. */
final class Evidence {

  static final String SUMMARY = "summary";

  private static final Pattern CAMEL_CASE = Pattern.compile("[a-z]+[a-z0-9]*([A-Z]+[a-z0-9]*)+");

  private Evidence() {}

  /** The check's own summary where it has one; JSON and HTML hold the rest. */
  static String text(Map<String, Object> evidence) {
    var summary = evidence.get(SUMMARY);
    return summary == null ? values(evidence) : summary.toString();
  }

  /**
   * Name and value of each, maps in brackets; the reader knows the check from its slug. An empty
   * text says nothing and is left out, an empty list says that there is none.
   */
  private static String values(Map<?, ?> evidence) {
    var parts = new ArrayList<String>();
    evidence.forEach(
        (name, value) -> {
          if (!"".equals(value)) {
            var colon = value instanceof List<?> ? ": " : " ";
            parts.add(words(String.valueOf(name)) + colon + value(value));
          }
        });
    return String.join("; ", parts);
  }

  private static String value(Object value) {
    return switch (value) {
      case Map<?, ?> inner -> "(" + values(inner) + ")";
      case List<?> list when list.isEmpty() -> "none";
      case List<?> list -> String.join(", ", list.stream().map(Evidence::value).toList());
      default -> String.valueOf(value);
    };
  }

  /** The same evidence; names that are camelCase become words, those of objects stay. */
  static Map<String, Object> inWords(Map<String, Object> evidence) {
    var named = new LinkedHashMap<String, Object>();
    evidence.forEach((name, value) -> named.put(word(name), inWords(value)));
    return named;
  }

  private static Object inWords(Object value) {
    return switch (value) {
      case Map<?, ?> inner -> {
        var named = new LinkedHashMap<String, Object>();
        inner.forEach((name, v) -> named.put(word(String.valueOf(name)), inWords(v)));
        yield named;
      }
      case List<?> list -> list.stream().map(Evidence::inWords).toList();
      default -> value;
    };
  }

  private static String word(String name) {
    return CAMEL_CASE.matcher(name).matches() ? words(name) : name;
  }

  /** camelCase to words, as JSON names are read aloud; a run of capitals is one word. */
  private static String words(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
        .toLowerCase(java.util.Locale.ROOT);
  }
}
