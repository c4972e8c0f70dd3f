package io.tlengine.pgcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FormatTest {

  @ParameterizedTest
  @EnumSource(Format.class)
  void everyFormatIsFoundByItsNameAndWritesSomething(Format format) {
    assertEquals(Optional.of(format), Format.parse(format.text()));
    assertFalse(Reports.write(Reports.mixed(), format.reporter(false)).isBlank());
  }

  @Test
  void anotherNameIsNoFormat() {
    assertEquals(Optional.empty(), Format.parse("yaml"));
    assertEquals(Optional.empty(), Format.parse("JSON"));
  }
}
