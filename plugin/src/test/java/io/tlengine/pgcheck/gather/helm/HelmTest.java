package io.tlengine.pgcheck.gather.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelmTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'Error: no mode' | no mode",
        "'WARNING: file is group-readable\nError: INSTALLATION FAILED: x' | INSTALLATION FAILED: x",
        "'Error: values do not meet\n- (root): mode is required\n\nUse --debug for more' |"
            + " values do not meet - (root): mode is required",
        "'' | helm ended with code 1"
      })
  void theCauseIsHelmsMessageWithoutItsTrimmings(String err, String cause) {
    assertEquals(cause, new Helm.Result(1, "", err).cause());
  }

  @Test
  void aHelmThatIsNotThereIsAUsageError() {
    var helm = new Helm(new HelmEnvironment(Map.of("HELM_BIN", "/no/such/helm")));

    var refusal =
        assertThrows(
            GatherException.class,
            () ->
                helm.run(List.of("version"), InputStream.nullInputStream(), Duration.ofSeconds(5)));

    assertEquals(Kind.USAGE, refusal.kind());
    assertEquals(
        "cannot run /no/such/helm: no such program; call this as helm pgcheck, or put helm on PATH",
        refusal.getMessage());
  }

  /** It may hold the values of a release, and with them passwords. */
  @Test
  void aPrivateFileIsReadableByItsOwnerAloneAndGoneAfterwards() throws IOException {
    Path path;
    try (var file = PrivateFile.holding("password: x")) {
      path = Path.of(file.path());
      assertEquals("password: x", Files.readString(path));
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }
    assertFalse(Files.exists(path));
  }
}
