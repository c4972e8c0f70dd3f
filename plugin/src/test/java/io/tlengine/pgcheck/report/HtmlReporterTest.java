package io.tlengine.pgcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlReporterTest {

  /** Anything that makes a browser fetch something. */
  private static final Pattern OUTSIDE =
      Pattern.compile(
          "(?i)(src|href|action|poster|data)\\s*=|@import|url\\(|<(script|link|iframe|object|img)");

  private static String html(Report report) {
    return Reports.write(report, new HtmlReporter());
  }

  private static long count(String text, String part) {
    return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }

  @Test
  void itIsOneFileWithoutOutsideReferences() {
    var html = html(Reports.mixed());

    assertTrue(html.startsWith("<!DOCTYPE html>"), html.substring(0, 40));
    assertFalse(OUTSIDE.matcher(html).find(), html);
    // The pattern would find one.
    assertTrue(OUTSIDE.matcher("<link href=\"https://x\">").find());
  }

  @Test
  void bothColourSchemesAndPrintAreThere() {
    var html = html(Reports.mixed());

    assertTrue(html.contains("color-scheme: light dark"));
    assertTrue(html.contains("@media screen and (prefers-color-scheme: dark)"));
    assertTrue(html.contains("@media print"));
  }

  @Test
  void everyResultIsThereOnceTheFailedOnesFirst() {
    var html = html(Reports.mixed());
    var codes =
        Pattern.compile("<article class=\"[a-z ]+\" id=\"(PGC-\\d{3})\">")
            .matcher(html)
            .results()
            .map(m -> m.group(1))
            .toList();

    assertEquals(List.of("PGC-105", "PGC-102", "PGC-103", "PGC-201", "PGC-701", "PGC-104"), codes);
    assertTrue(html.contains("<span class=\"verdict failed\">failed</span>"));
    assertEquals(1, count(html, "wrong password for the role app"));
    assertEquals(1, count(html, "set it again"));
    assertEquals(1, count(html, "grant it"));
    assertEquals(1, count(html, "after PGC-103"));
  }

  @Test
  void evidenceIsShownWithNestedNamesAndLists() {
    var html = html(Reports.report(Reports.passed("PGC-201")));

    assertTrue(html.contains("<dt>fast</dt><dd>fast.io</dd>"), html);
    assertTrue(html.contains("a, b"), html);
    assertFalse(html.contains("&lt;dl&gt;"), html);
  }

  @Test
  void namesAreWordsAndALongListIsFolded() {
    var html =
        html(
            Reports.report(
                Reports.answer(
                    "PGC-202",
                    "binding-mode-suits",
                    new Outcome.Passed(
                        Outcome.evidence(
                            "volumeBindingMode",
                            "Immediate",
                            "claims",
                            List.of(Map.of("claimName", "data-0", "db-Main", "1")),
                            "few",
                            List.of("a", "b"),
                            "many",
                            List.of("a", "b", "c", "d", "e", "f", "g"))))));

    assertTrue(html.contains("<dt>volume binding mode</dt><dd>Immediate</dd>"), html);
    assertTrue(html.contains("<dt>claim name</dt><dd>data-0</dd>"), html);
    assertTrue(html.contains("<dt>db-Main</dt>"), html);
    assertTrue(html.contains("<dt>few</dt><dd>a, b</dd>"), html);
    assertTrue(
        html.contains("<details><summary>7 in all</summary>a, b, c, d, e, f, g</details>"), html);
  }

  @Test
  void aListOfSeveralThingsEachIsAListOfLists() {
    var html =
        html(
            Reports.report(
                Reports.answer(
                    "PGC-706",
                    "commits-survive-kill",
                    new Outcome.Passed(
                        Outcome.evidence(
                            "kills",
                            List.of(Map.of("victim", "walwriter"), Map.of("victim", "postmaster")),
                            "nothing",
                            List.of())))));

    assertTrue(html.contains("<dt>victim</dt><dd>walwriter</dd>"), html);
    assertTrue(html.contains("<dt>victim</dt><dd>postmaster</dd>"), html);
    assertTrue(html.contains("<dt>nothing</dt><dd>none</dd>"), html);
  }

  /** Messages hold what servers, Helm and users wrote. */
  @Test
  void markupInAnyTextIsShownAndNotObeyed() {
    var evil = "<script>alert('x')</script>";
    var html =
        html(
            Reports.report(
                Reports.failed("PGC-105", Finding.error(evil, evil, evil, evil)),
                Reports.answer("PGC-101", "host-resolves", new Outcome.Unknown(evil, evil)),
                Reports.answer("PGC-102", "port-accepts", new Outcome.Skipped(evil)),
                Reports.answer(
                    "PGC-201",
                    "storage-class-resolves",
                    new Outcome.Passed(
                        Outcome.evidence(
                            "summary",
                            evil,
                            "text",
                            evil,
                            evil,
                            "name",
                            "list",
                            List.of(evil),
                            "map",
                            Map.of(evil, evil, "deep", Map.of("x", evil)))))));

    assertFalse(html.contains("<script"), html);
    assertTrue(html.contains("&lt;script&gt;"), html);
  }

  /** Helm's messages quote templates; to the template engine of the report they are text. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "at <{{ .Values.mode }}>: wrong",
        "{{ 7 * 6 }}",
        "{% if true %}x{% endif %}",
        "{# gone #} here",
        "{{ release.name }}",
        "{% raw %}"
      })
  void templateSyntaxInATextIsText(String text) {
    var html =
        html(
            Reports.report(
                Reports.failed("PGC-801", Finding.error("chart", text, text, text)),
                Reports.answer(
                    "PGC-201",
                    "storage-class-resolves",
                    new Outcome.Passed(
                        Outcome.evidence("text", text, "map", Map.of("inner", text))))));

    var escaped = text.replace("<", "&lt;").replace(">", "&gt;");
    assertEquals(5, count(html, escaped), html);
  }

  @Test
  void accentsStayWhatTheyAre() {
    assertTrue(
        html(Reports.report(Reports.failed("PGC-701", Finding.error("s", "Juan Pérez", "", "r"))))
            .contains("Juan Pérez"));
  }
}
