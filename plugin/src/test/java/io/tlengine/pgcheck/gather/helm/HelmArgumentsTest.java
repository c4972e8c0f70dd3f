package io.tlengine.pgcheck.gather.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tlengine.pgcheck.gather.helm.HelmArguments.Apply;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelmArgumentsTest {

  private static List<String> words(String line) {
    return line.isEmpty() ? List.of() : Arrays.asList(line.split(" ", -1));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        // line | ours | helm's
        "tl chart | tl chart | ''",
        "tl chart -f x.yaml --set a=b | tl chart | -f x.yaml --set a=b",
        "-f x.yaml tl --values=y.yaml chart | tl chart | -f x.yaml --values=y.yaml",
        "tl chart -fx.yaml | tl chart | -fx.yaml",
        "tl chart -f=x.yaml | tl chart | -f=x.yaml",
        "tl chart -f - | tl chart | -f -",
        "tl chart --set-string a.b=c --version 1.2.3 --devel | tl chart |"
            + " --set-string a.b=c --version 1.2.3 --devel",
        // Without meaning before an install.
        "tl chart --wait --atomic --install -i --create-namespace | tl chart | ''",
        "tl chart --wait=legacy --dry-run=server | tl chart | ''",
        "tl chart --description words --labels a=b -l c=d --history-max=3 | tl chart | ''",
        "tl chart -la=b | tl chart | ''",
        // Helm 4: a switch of install, a choice of upgrade.
        "tl chart --server-side --wait | tl chart | ''",
        "tl chart --server-side false | tl chart | ''",
        "tl --server-side chart | tl chart | ''",
        // Helm hands these on, although they are its own.
        "tl chart --qps 5 --burst-limit=9 --color never | tl chart | ''",
        // Of helm template, which nobody needs to know is what we call.
        "tl chart -a v1/Foo --kube-version v1.30.0 --include-crds | tl chart |"
            + " -a v1/Foo --kube-version v1.30.0 --include-crds",
        "tl chart -s templates/x.yaml --output-dir out --release-name | tl chart | ''",
        // Ours, even where Helm has the same name.
        "tl chart -o json --timeout 30s --only PGC-101 | tl chart -o json --timeout 30s --only"
            + " PGC-101 | ''",
        "tl chart --fail-on=warning --help | tl chart --fail-on=warning --help | ''",
        "tl chart --no-such-flag x | tl chart --no-such-flag x | ''",
        // Behind -- everything is Helm's, known or not.
        "tl chart -- --new-flag x -o yaml | tl chart | --new-flag x -o yaml",
        // A flag at the end has no value; Helm says so better than we could.
        "tl chart --set | tl chart | --set"
      })
  void theLineIsDividedIntoOursAndHelms(String line, String ours, String helms) {
    var split = HelmArguments.split(words(line));

    assertEquals(words(ours), split.ours());
    assertEquals(words(helms), split.helms());
    assertEquals(false, split.reuseValues());
  }

  @ParameterizedTest
  @CsvSource({"--reuse-values", "--reset-then-reuse-values"})
  void reusedValuesAreRememberedAndNotPassedOn(String flag) {
    var split = HelmArguments.split(List.of("tl", "chart", flag));

    assertEquals(
        new HelmArguments.Split(List.of("tl", "chart"), List.of(), true, Apply.DEFAULT), split);
  }

  @ParameterizedTest
  @CsvSource({
    "-f -, true",
    "--values -, true",
    "--values=-, true",
    "-f=-, true",
    "-f-, true",
    "-f x.yaml, false",
    "--set a=-, false",
    "'', false"
  })
  void standardInputIsReadOnlyForADash(String flags, boolean reads) {
    assertEquals(
        reads,
        new HelmArguments("tl", "chart", words(flags), false, Apply.DEFAULT).readsStandardInput());
  }

  @Test
  void helmTemplateGetsTheUsersFlagsLast() {
    assertEquals(
        words("template tl chart --namespace shop --kube-version v1.36.3 --is-upgrade --set a=b"),
        new HelmArguments("tl", "chart", List.of("--set", "a=b"), false, Apply.DEFAULT)
            .template("shop", "v1.36.3", true));
  }

  /** It knows no values, and needs none. */
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "-f x.yaml --set version=1 --version 1.2.3 --no-hooks, --version 1.2.3",
    "--version=1.2.3 --devel -f --verify, --version=1.2.3 --devel",
    "--repo https://charts.example.com --set-string a=b, --repo https://charts.example.com",
    "--username u --password p --plain-http -fx.yaml, --username u --password p --plain-http",
  })
  void helmShowChartGetsTheFlagsThatFindTheChart(String flags, String shown) {
    assertEquals(
        words(("show chart oci://x/chart " + shown).strip()),
        new HelmArguments("tl", "oci://x/chart", words(flags), false, Apply.DEFAULT).showChart());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "tl chart, auto, false, false",
    "tl chart --server-side=false, false, false, false",
    "tl chart --server-side true, true, false, false",
    "tl chart --server-side -f x.yaml, true, false, false",
    "tl chart --force-conflicts, auto, true, false",
    "tl chart --force-conflicts=false --install, auto, false, false",
    "tl chart --wait, auto, false, true",
    "tl chart --wait=hookOnly, auto, false, hookOnly",
    "tl chart --wait=legacy --atomic, auto, false, legacy",
    "tl chart --rollback-on-failure, auto, false, true",
  })
  void howHelmAppliesIsKept(String line, String serverSide, boolean force, String wait) {
    assertEquals(
        new Apply(serverSide, force, false, wait, false), HelmArguments.split(words(line)).apply());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "tl chart, false",
    "tl chart --create-namespace, true",
    "--create-namespace tl chart --wait, true",
    "tl chart --create-namespace --wait=legacy --atomic --server-side, true",
    "tl chart --create-namespace=false, false",
  })
  void whetherHelmMakesTheNamespaceIsKept(String line, boolean makes) {
    var split = HelmArguments.split(words(line));

    assertEquals(makes, split.apply().createNamespace());
    // So that a remedy that repeats the arguments repeats it, too.
    assertEquals(
        makes,
        new HelmArguments("tl", "chart", split.helms(), false, split.apply())
            .command("shop")
            .flags()
            .contains("--create-namespace"));
  }

  @Test
  void theCommandOfARemedyHoldsNoSecret() {
    var arguments =
        new HelmArguments(
            "tl",
            "./my chart",
            List.of(
                "-f",
                "a.yaml",
                "--set",
                "auth.password=S3cret",
                "--set-string=x=postgres://a:S3cret@b/c",
                "--password",
                "S3cret",
                "--set",
                "a=b",
                "--devel"),
            false,
            Apply.DEFAULT);

    assertEquals(
        "with your other flags: helm pgcheck secret tl './my chart' -n shop -f a.yaml --set a=b"
            + " --devel --from-env X",
        arguments.command("shop").as("secret", List.of("--from-env", "X")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "database.existingSecret=mine | true",
        "database.secretKeys.url=DATABASE_URL,a=b | true",
        "tls.secretName=mine | true",
        "database.existingSecret=mine,admin.password=x | false",
        "existingSecretValue=x | false",
        "theirs.secretKeys.token=x | false",
        "image.tag=1.2 | true",
        "a={\"auth\":{\"password\":\"S3cret\"}} | false"
      })
  void aFlagThatNamesASecretHoldsNone(String value, boolean shown) {
    var arguments =
        new HelmArguments("tl", "chart", List.of("--set-string", value), false, Apply.DEFAULT);

    assertEquals(shown, arguments.command("shop").complete());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-f https://values.example.com/a.yaml | true",
        "-f https://u:S3cret@values.example.com/a.yaml | false",
        "-fhttps://u:S3cret@values.example.com/a.yaml | false",
        "--values=https://values.example.com/a.yaml?token=S3cret | false",
        "--repo https://S3cret@charts.example.com | false"
      })
  void aUrlWithAUserOrAQueryIsNotShown(String flag, boolean shown) {
    var arguments = new HelmArguments("tl", "chart", words(flag), false, Apply.DEFAULT);

    assertEquals(shown, arguments.command("shop").complete());
    assertFalse(arguments.command("shop").toString().contains("S3cret"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://u:S3cret@example.com/tl.tgz | https://example.com/tl.tgz",
        "https://example.com/tl.tgz?sig=S3cret | https://example.com/tl.tgz",
        "oci://example.com/charts/tl | oci://example.com/charts/tl",
        "./charts/a@b? | ./charts/a@b?"
      })
  void aChartIsShownWithoutWhatItsUrlHidesInIt(String chart, String shown) {
    var arguments = new HelmArguments("tl", chart, List.of(), false, Apply.DEFAULT);

    assertEquals(shown, arguments.command("shop").chart());
    assertEquals(shown.equals(chart), arguments.command("shop").complete());
  }

  @Test
  void reusedValuesAreReusedByTheCommandOfARemedy() {
    var arguments = new HelmArguments("tl", "chart", List.of("-f", "a.yaml"), true, Apply.DEFAULT);

    assertEquals(
        "helm pgcheck secret tl chart -n shop -f a.yaml --reuse-values",
        arguments.command("shop").as("secret", List.of()));
    assertEquals(
        "helm get values tl -n shop -o yaml | helm template tl chart -n shop -f - -f a.yaml",
        arguments.command("shop").template());
  }
}
