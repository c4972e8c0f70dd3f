package io.tlengine.pgcheck.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What servers, Helm and users wrote, made safe for every format at once: a control character is
 * written as its escape, so that no message moves a terminal's cursor, colours a line, turns the
 * reading direction or breaks an XML document (XML 1.0, production 2).
 */
final class Texts {

  private Texts() {}

  /** The text with everything invisible shown; line feeds and tabs stay. */
  static String visible(String text) {
    var shown = new StringBuilder(text.length());
    text.replace("\r\n", "\n").codePoints().forEach(c -> append(shown, c));
    return shown.toString();
  }

  static @Nullable String visibleOrNull(@Nullable String text) {
    return text == null ? null : visible(text);
  }

  /** Evidence: texts in it, names included, at any depth. */
  static Map<String, Object> visible(Map<?, ?> evidence) {
    var shown = new LinkedHashMap<String, Object>();
    evidence.forEach((name, value) -> shown.put(visible(String.valueOf(name)), value(value)));
    return shown;
  }

  /** On one line, for places that have no second one. */
  static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  private static Object value(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> visible(map);
      case List<?> list -> list.stream().map(Texts::value).toList();
      case Number number -> number;
      case Boolean truth -> truth;
      case null -> "";
      default -> visible(value.toString());
    };
  }

  private static void append(StringBuilder shown, int c) {
    if (c == '\n' || c == '\t' || !hidden(c)) {
      shown.appendCodePoint(c);
    } else {
      shown.append(String.format(Locale.ROOT, "\\u%04x", c));
    }
  }

  private static boolean hidden(int c) {
    return switch (Character.getType(c)) {
      // C0, C1, delete; half of a pair.
      case Character.CONTROL, Character.SURROGATE -> true;
      // Bidirectional overrides, zero width characters, byte order mark.
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      // U+FFFE and U+FFFF are in no XML document.
      default -> (c & 0xfffe) == 0xfffe;
    };
  }
}
