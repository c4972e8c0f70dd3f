package io.tlengine.pgcheck.gather.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.gather.helm.HelmArguments.Apply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are those of Helm 3.22 and 4.3. */
class HelmWordsTest {

  private static final HelmArguments ARGUMENTS =
      new HelmArguments("TL_x", "./nope", List.of(), false, Apply.DEFAULT);

  private static final String NAME =
      "release name \"TL_x\": invalid release name, must match regex"
          + " ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must"
          + " not be longer than 53";

  private static Optional<String> usage(String cause) {
    return HelmWords.usage(cause, ARGUMENTS);
  }

  @Test
  void whatHelm4LogsBesideItsErrorIsSaidOnce() {
    var log =
        "level=ERROR msg=\"release name check failed\" error=\""
            + NAME.replace("\\", "\\\\").replace("\"", "\\\"")
            + "\"";

    assertEquals(
        Optional.of("release name check failed: " + NAME),
        HelmWords.cause(log + "\nError: release name check failed: " + NAME + "\n"));
    assertEquals(Optional.of("release name check failed: " + NAME), HelmWords.cause(log));
    assertEquals(Optional.of("odd"), HelmWords.cause("level=WARN msg=odd\nlevel=WARN msg=odd\n"));
    assertEquals(Optional.of("a b"), HelmWords.cause("Error: a\nb\na\n\n"));
    assertEquals(Optional.empty(), HelmWords.cause("\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {NAME, "release name check failed: " + NAME})
  void aReleaseNameThatHelmRefusesIsNoValue(String cause) {
    assertEquals(
        Optional.of(
            "RELEASE is TL_x; wanted: a name that helm install takes, of a-z, 0-9, - and ., no"
                + " longer than 53"),
        usage(cause));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "path \"./nope\" not found",
        "repo nope not found",
        "non-absolute URLs should be in form of repo_name/path_to_chart, got: nope",
        "Chart.yaml file is missing",
        "unable to detect chart at /x/Chart.yaml: open /x/Chart.yaml: no such file or directory"
      })
  void aChartThatIsNoneIsNoValue(String cause) {
    assertEquals(
        Optional.of(
            "CHART is ./nope; wanted: a chart's folder, archive or reference, as for helm install"
                + " (helm says: "
                + cause
                + ")"),
        usage(cause));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open /nope.yaml: no such file or directory",
        "open secret.yaml: permission denied",
        "read values: is a directory",
        "failed parsing --set-file data: open /nope: no such file or directory"
      })
  void aFileThatCannotBeReadIsNoValue(String cause) {
    assertEquals(
        Optional.of(
            "helm cannot read a file of the command line: "
                + cause
                + "; name one that can be read (-f, --set-file)"),
        usage(cause));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "execution error at (tl-engine/templates/validate.yaml:91:38): open x: no such file or"
            + " directory",
        "values don't meet the specifications of the schema(s) in the following chart(s):",
        "failed parsing --set data: key \"a\" has no value",
        "chart requires kubeVersion: >=1.40 which is incompatible with Kubernetes v1.36.0"
      })
  void whatValuesOrTemplatesAreRefusedForIsAFinding(String cause) {
    assertEquals(Optional.empty(), usage(cause));
  }
}
