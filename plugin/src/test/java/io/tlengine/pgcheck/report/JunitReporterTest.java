package io.tlengine.pgcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Severity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

class JunitReporterTest {

  private static void validate(String xml) throws SAXException, IOException {
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(JunitReporterTest.class.getResource("/schema/junit.xsd"))
        .newValidator()
        .validate(new StreamSource(new StringReader(xml)));
  }

  /** Well-formed, as the schema says, as a document. */
  static Document parsed(Report report) {
    var xml = Reports.write(report, new JunitReporter());
    try {
      validate(xml);
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new AssertionError(xml, e);
    }
  }

  private static Element testCase(Document xml, String code) {
    var cases = xml.getElementsByTagName("testcase");
    return IntStream.range(0, cases.getLength())
        .mapToObj(i -> (Element) cases.item(i))
        .filter(c -> c.getAttribute("name").startsWith(code + " "))
        .findFirst()
        .orElseThrow();
  }

  private static int children(Element testCase, String name) {
    return testCase.getElementsByTagName(name).getLength();
  }

  @Test
  void aCodeIsATestCase() {
    var xml = parsed(Reports.mixed());
    var suite = (Element) xml.getElementsByTagName("testsuite").item(0);

    assertEquals(6, xml.getElementsByTagName("testcase").getLength());
    assertEquals("6", suite.getAttribute("tests"));
    assertEquals("1", suite.getAttribute("failures"));
    assertEquals("1", suite.getAttribute("errors"));
    assertEquals("1", suite.getAttribute("skipped"));
    assertEquals("1.234", suite.getAttribute("time"));
    assertEquals("2026-11-22T10:00:00Z", suite.getAttribute("timestamp"));
    assertEquals("0.003", testCase(xml, "PGC-105").getAttribute("time"));
    assertEquals(1, children(testCase(xml, "PGC-105"), "failure"));
    assertEquals(1, children(testCase(xml, "PGC-102"), "error"));
    assertEquals(1, children(testCase(xml, "PGC-104"), "skipped"));
    assertEquals(0, children(testCase(xml, "PGC-201"), "failure"));
    assertTrue(testCase(xml, "PGC-105").getTextContent().contains("remedy: set it again"));
  }

  @Test
  void aWarningFailsOnlyWhenTheRunFailsOnWarnings() {
    var answer = Reports.failed("PGC-103", Reports.warning("db"), Reports.info("x"));
    var mild = testCase(parsed(Reports.report(Severity.ERROR, answer)), "PGC-103");
    var strict = testCase(parsed(Reports.report(Severity.WARNING, answer)), "PGC-103");

    assertEquals(0, children(mild, "failure"));
    assertTrue(mild.getTextContent().contains("expires in 5 days"));
    assertEquals(1, children(strict, "failure"));
    assertEquals(
        "warning", ((Element) strict.getElementsByTagName("failure").item(0)).getAttribute("type"));
  }

  @Test
  void aRunWithoutChecksIsStillADocument() {
    assertEquals(0, parsed(Reports.report()).getElementsByTagName("testcase").getLength());
  }

  @Test
  void theSchemaRefusesWhatCannotBeRead() {
    var xml = Reports.write(Reports.mixed(), new JunitReporter());

    assertThrows(SAXException.class, () -> validate(xml.replace(" tests=\"6\"", "")));
    assertThrows(SAXException.class, () -> validate(xml.replace("1.234", "1.2345 s")));
    assertThrows(SAXException.class, () -> validate(xml.replace("T10:00:00Z", " 10:00")));
    assertThrows(SAXException.class, () -> validate(xml.replace("</testsuites>", "")));
    assertThrows(SAXException.class, () -> validate(xml.replace("skipped message", "skipped why")));
  }
}
