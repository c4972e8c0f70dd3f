package io.tlengine.pgcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import org.junit.jupiter.api.Test;

class TableReporterTest {

  @Test
  void coloursChangeNothingButTheColour() {
    var plain = Reports.write(Reports.mixed(), new TableReporter(false));
    var coloured = Reports.write(Reports.mixed(), new TableReporter(true));

    assertFalse(plain.contains("\u001b"));
    assertTrue(coloured.contains("\u001b[31;1mFAIL\u001b[0m"));
    assertEquals(plain, coloured.replaceAll("\u001b\\[[0-9;]+m", ""));
  }

  @Test
  void continuationLinesStandBelowTheText() {
    var text = "word ".repeat(40).strip();
    var table =
        Reports.write(
            Reports.report(Reports.failed("PGC-105", Finding.error("s", text, "", "do it"))),
            new TableReporter(false));
    var lines = table.lines().filter(l -> l.contains("word")).toList();

    assertTrue(lines.size() > 1, table);
    assertEquals(lines.getFirst().indexOf("word"), lines.get(1).indexOf("word"));
    assertTrue(lines.stream().allMatch(l -> l.length() <= 110), table);
  }

  @Test
  void aRemedyIsNeverCutSinceItIsToBePasted() {
    var remedy = "kubectl " + "x".repeat(200) + " end";
    var table =
        Reports.write(
            Reports.report(Reports.failed("PGC-105", Finding.error("s", "m", "", remedy))),
            new TableReporter(false));

    assertTrue(table.contains("-> " + remedy + "\n"), table);
  }

  @Test
  void aLongSlugMovesTheTextsOfAll() {
    var table =
        Reports.write(
            Reports.report(
                Reports.answer(
                    "PGC-301", "kubernetes-version-is-supported", new Outcome.Skipped("because")),
                Reports.skipped("PGC-104")),
            new TableReporter(false));
    var lines = table.lines().filter(l -> l.contains("skip")).toList();

    assertEquals(lines.get(0).indexOf("after"), lines.get(1).indexOf("because"), table);
  }

  @Test
  void aRemedyOfSeveralLinesStaysBelowItself() {
    var table =
        Reports.write(
            Reports.report(Reports.failed("PGC-105", Finding.error("s", "m", "", "one\ntwo"))),
            new TableReporter(false));
    var indent = " ".repeat(43);

    assertTrue(table.contains("\n" + indent + "-> one\n" + indent + "   two\n"), table);
  }

  @Test
  void noLineEndsInBlanks() {
    assertTrue(
        Reports.write(Reports.mixed(), new TableReporter(false))
            .lines()
            .allMatch(l -> l.equals(l.stripTrailing())));
  }

  @Test
  void whatIsUnknownForOneReasonIsOneEntry() {
    var table =
        Reports.write(
            Reports.report(
                unknown("PGC-101", "no answer"),
                unknown("PGC-102", "no answer"),
                unknown("PGC-103", "no answer"),
                unknown("PGC-107", "no answer"),
                unknown("PGC-105", "another reason")),
            new TableReporter(false));

    assertEquals(1, table.lines().filter(l -> l.contains("no answer")).count(), table);
    assertTrue(table.contains("4 checks"), table);
    assertTrue(table.contains("PGC-101 to 103, PGC-107\n"), table);
    assertTrue(table.contains("PGC-105"), table);
    assertTrue(table.contains("5 unknown"), table);
  }

  private static CheckResult unknown(String code, String why) {
    return Reports.answer(code, "some-check", new Outcome.Unknown(why, "look again"));
  }
}
