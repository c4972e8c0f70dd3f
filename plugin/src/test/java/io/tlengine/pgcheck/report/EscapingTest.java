package io.tlengine.pgcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers, Helm and users write what they like; no format obeys it. */
class EscapingTest {

  /** Everything that is not text: colour, title, cursor, C1, bidi, NUL, half pairs, no XML. */
  private static final String STRAY =
      "a\u001b[31mred\u001b]0;title\u0007 \rover\b\u0000 \u009b2J \u202eright \u200bzero"
          + " \ud800half \udc00half \ufffe\uffff\ufeff";

  /** Markup of XML, HTML, Markdown and templates. */
  private static final String MARKUP =
      "]]> <!-- --> <![CDATA[ <script>alert('x')</script> &amp; \" ' `code` ``` **b** | cell"
          + " [l](http://x) {{ 7*6 }} {% raw %}";

  private static final Pattern STRAY_LEFT =
      Pattern.compile(
          "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u200b\\ufeff\\ufffe\\uffff]");

  static Report withEverywhere(String text) {
    return Reports.report(
        Reports.failed("PGC-105", Finding.error(text, text, text, text)),
        Reports.failed("PGC-103", Finding.warning(text, text, text, text)),
        Reports.answer("PGC-101", "host-resolves", new Outcome.Unknown(text, text)),
        Reports.answer("PGC-102", "port-accepts", new Outcome.Skipped(text)),
        Reports.answer(
            "PGC-201",
            "storage-class-resolves",
            new Outcome.Passed(
                Outcome.evidence(
                    "text", text, text, 1, "list", List.of(text), "map", Map.of(text, text)))));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void noControlCharacterReachesAnyFormat(Format format) {
    var text = Reports.write(withEverywhere(STRAY), format.reporter(false));

    assertFalse(STRAY_LEFT.matcher(text).find(), text);
    assertTrue(text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff), text);
    // Shown, not swallowed; JSON doubles the backslash.
    assertTrue(text.contains("u001b") && text.contains("u202e"), text);
    // The pattern would find one.
    assertTrue(STRAY_LEFT.matcher(STRAY).find());
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void accentsTabsAndOtherScriptsStay(Format format) {
    var text = Reports.write(withEverywhere("Pérez 日本 🐘"), format.reporter(false));

    assertTrue(text.contains("Pérez 日本 🐘"), text);
  }

  @Test
  void anyTextIsAnXmlDocumentWithThatText() {
    for (var text : List.of(STRAY, MARKUP, "a\nb\tc")) {
      var xml = JunitReporterTest.parsed(withEverywhere(text));

      assertTrue(
          xml.getElementsByTagName("failure")
              .item(0)
              .getTextContent()
              .contains(Texts.visible(text)),
          text);
    }
  }

  @Test
  void anyTextIsJsonWithThatText() throws IOException {
    for (var text : List.of(STRAY, MARKUP, "a\nb\tc")) {
      var report = withEverywhere(text);
      var json = new ObjectMapper().readTree(Reports.write(report, new JsonReporter()));
      var sarif = new ObjectMapper().readTree(Reports.write(report, new SarifReporter()));

      assertEquals(Texts.visible(text), json.at("/results/0/reason").asText());
      assertTrue(sarif.at("/runs/0/results/0/message/text").asText().contains(Texts.visible(text)));
    }
  }

  @Test
  void markdownShowsMarkupAsText() {
    var text = Reports.write(withEverywhere(MARKUP), new MarkdownReporter());
    // What stands in a fence is literal; the rest must be escaped.
    var outside = text.replaceAll("(?s)\n(`{3,})text\n.*?\n\\1\n", "\n");

    assertFalse(outside.contains("<script") || outside.contains("<!--"), outside);
    assertTrue(outside.contains("&lt;script&gt;"), outside);
    assertTrue(outside.contains("\\`code\\`") && outside.contains("\\*\\*b\\*\\*"), outside);
    assertTrue(outside.contains("\\| cell") && outside.contains("\\[l\\](http"), outside);
    // The remedy's own ``` does not end its fence.
    assertTrue(text.contains("\n````text\n" + MARKUP + "\n````\n"), text);
  }

  @ParameterizedTest
  @CsvSource({"- item,\\- item", "1. item,1\\. item", "# head,\\# head", "> quote,&gt; quote"})
  void aReasonThatBeginsLikeMarkupIsText(String reason, String escaped) {
    var text =
        Reports.write(
            Reports.report(
                Reports.answer("PGC-101", "host-resolves", new Outcome.Unknown(reason, "r"))),
            new MarkdownReporter());

    assertTrue(text.contains("\n" + escaped + "\n"), text);
  }

  @Test
  void lineEndsOfOtherSystemsAreLineEnds() {
    assertEquals("a\nb", Texts.visible("a\r\nb"));
    assertEquals("a\\u000db", Texts.visible("a\rb"));
  }
}
