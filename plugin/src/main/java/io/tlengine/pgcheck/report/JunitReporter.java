package io.tlengine.pgcheck.report;

import io.tlengine.pgcheck.report.Report.FoundFault;
import io.tlengine.pgcheck.report.Report.Result;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * JUnit's XML, a code as a test case: a finding at or above --fail-on is a failure, an unknown an
 * error, a milder finding a passed case with its text as output. Times are seconds, as the readers
 * of this format expect.
 */
final class JunitReporter implements Reporter {

  @Override
  public void write(Report report, Writer to) throws IOException {
    try {
      var xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(to);
      xml.writeStartDocument("UTF-8", "1.0");
      suites(xml, report);
      xml.writeEndDocument();
      xml.flush();
    } catch (XMLStreamException e) {
      throw new IOException(e);
    }
    to.write('\n');
  }

  private static void suites(XMLStreamWriter xml, Report report) throws XMLStreamException {
    var name = "pgcheck " + report.command();
    open(xml, 0, "testsuites", counts(report, name));
    var attributes =
        counts(report, report.release().name() + " in " + report.release().namespace());
    attributes.put("timestamp", report.startedAt());
    open(xml, 1, "testsuite", attributes);
    open(xml, 2, "properties", Map.of());
    property(xml, "version", report.tool().version());
    property(xml, "chart", report.release().chart());
    property(xml, "mode", report.release().mode());
    property(xml, "verdict", report.verdict().name());
    close(xml, 2);
    for (var result : report.results()) {
      testCase(xml, report, result);
    }
    close(xml, 1);
    close(xml, 0);
  }

  private static Map<String, String> counts(Report report, String name) {
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("name", name);
    attributes.put("tests", String.valueOf(report.results().size()));
    attributes.put(
        "failures",
        String.valueOf(report.results().stream().filter(r -> failure(report, r)).count()));
    attributes.put("errors", String.valueOf(report.summary().unknown()));
    attributes.put("skipped", String.valueOf(report.summary().skipped()));
    attributes.put("time", seconds(report.durationMillis()));
    return attributes;
  }

  private static void property(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    empty(xml, 3, "property", ordered("name", name, "value", value));
  }

  private static void testCase(XMLStreamWriter xml, Report report, Result result)
      throws XMLStreamException {
    open(
        xml,
        2,
        "testcase",
        ordered(
            "classname",
            "pgcheck." + report.command(),
            "name",
            result.code() + " " + result.slug(),
            "time",
            seconds(result.durationMillis())));
    switch (Sign.of(result)) {
      case SKIPPED ->
          empty(
              xml, 3, "skipped", Map.of("message", Texts.oneLine(String.valueOf(result.reason()))));
      case UNKNOWN ->
          text(
              xml,
              "error",
              ordered("message", Texts.oneLine(String.valueOf(result.reason())), "type", "unknown"),
              "what would decide it: " + result.remedy());
      case PASSED -> {
        if (!result.evidence().isEmpty()) {
          text(xml, "system-out", Map.of(), Evidence.text(result.evidence()));
        }
      }
      case ERROR, WARNING, INFO -> {
        var texts =
            result.findings().stream()
                .map(JunitReporter::finding)
                .collect(Collectors.joining("\n"));
        if (failure(report, result)) {
          var first = worst(result);
          text(
              xml,
              "failure",
              ordered("message", Texts.oneLine(first.message()), "type", first.severity()),
              texts);
        } else {
          text(xml, "system-out", Map.of(), texts);
        }
      }
    }
    close(xml, 2);
  }

  private static boolean failure(Report report, Result result) {
    return result.status().equals("failed")
        && severity(result.severity()) >= severity(report.failOn());
  }

  private static int severity(String text) {
    return List.of("info", "warning", "error").indexOf(text);
  }

  private static FoundFault worst(Result result) {
    return result.findings().stream()
        .filter(f -> f.severity().equals(result.severity()))
        .findFirst()
        .orElse(result.findings().getFirst());
  }

  private static String finding(FoundFault finding) {
    return finding.severity()
        + ": "
        + finding.subject()
        + ": "
        + finding.message()
        + (finding.detail().isEmpty() ? "" : "\n" + finding.detail())
        + "\nremedy: "
        + finding.remedy();
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / 1_000.0);
  }

  private static Map<String, String> ordered(String... namesAndValues) {
    var map = new LinkedHashMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  private static void open(XMLStreamWriter xml, int depth, String name, Map<String, String> with)
      throws XMLStreamException {
    newLine(xml, depth);
    xml.writeStartElement(name);
    attributes(xml, with);
  }

  private static void close(XMLStreamWriter xml, int depth) throws XMLStreamException {
    newLine(xml, depth);
    xml.writeEndElement();
  }

  private static void empty(XMLStreamWriter xml, int depth, String name, Map<String, String> with)
      throws XMLStreamException {
    newLine(xml, depth);
    xml.writeEmptyElement(name);
    attributes(xml, with);
  }

  private static void text(XMLStreamWriter xml, String name, Map<String, String> with, String text)
      throws XMLStreamException {
    newLine(xml, 3);
    xml.writeStartElement(name);
    attributes(xml, with);
    xml.writeCharacters(text);
    xml.writeEndElement();
  }

  private static void attributes(XMLStreamWriter xml, Map<String, String> with)
      throws XMLStreamException {
    for (var attribute : with.entrySet()) {
      xml.writeAttribute(attribute.getKey(), attribute.getValue());
    }
  }

  private static void newLine(XMLStreamWriter xml, int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }
}
