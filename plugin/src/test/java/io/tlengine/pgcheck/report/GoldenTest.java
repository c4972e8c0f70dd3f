package io.tlengine.pgcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One report, one golden file for each format. */
class GoldenTest {

  /** A red one shows the whole new text: copy it, once it reads as it should. */
  private static String golden(Format format) throws IOException {
    var name = "/golden/report." + format.text();
    try (var in = GoldenTest.class.getResourceAsStream(name)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The catalogue's words are the catalogue's matter, and change with it. */
  private static String withoutPages(String sarif) {
    return sarif.replaceAll(
        "(?s),\\s+\"shortDescription\" : \\{.*?\\},\\s+\"help\" : \\{.*?\\},\\s+"
            + "\"defaultConfiguration\"",
        ", \"defaultConfiguration\"");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void theFormatReadsAsItShould(Format format) throws IOException {
    var text = Reports.write(Reports.mixed(), format.reporter(false));

    assertEquals(golden(format), format == Format.SARIF ? withoutPages(text) : text);
    assertTrue(text.endsWith("\n"), "a last line without its end");
  }
}
