package io.tlengine.pgcheck.gather.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.gather.helm.HelmArguments.Apply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChartNameTest {

  private static final String NO_HELM = "/no/such/helm";

  @TempDir Path folder;

  private static String name(String helm, String chart, String... flags) {
    var arguments = new HelmArguments("tl", chart, List.of(flags), false, Apply.DEFAULT);
    var environment = new HelmEnvironment(Map.of("HELM_BIN", helm));
    try (var name = new ChartName(new Helm(environment), arguments, Duration.ofSeconds(30))) {
      return name.text();
    }
  }

  private String chart(String metadata) throws IOException {
    Files.writeString(folder.resolve("Chart.yaml"), metadata);
    return folder.toString();
  }

  @Test
  void aFolderTellsItWithoutHelm() throws IOException {
    var chart = chart("apiVersion: v2\n# ours\nname: shop\nversion: \"1.10.0-rc.1+build.7\"\n");

    assertEquals("shop-1.10.0-rc.1+build.7", name(NO_HELM, chart));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "name: shop", "version: 1.0.0", "[1, 2]", "name: [", "\t:"})
  void aFolderThatDoesNotTellItKeepsTheUsersWord(String metadata) throws IOException {
    var chart = chart(metadata);

    assertEquals(chart, name(NO_HELM, chart));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop/chart", "oci://db.invalid/chart", "no\0path", ""})
  void whereNobodyCanTellTheUsersWordIsKept(String chart) {
    assertEquals(chart, name(NO_HELM, chart));
  }

  /** Helm does not look into a folder then. */
  @Test
  void withARepositoryAFolderOfThatNameIsAnotherChart() throws IOException {
    var chart = chart("name: shop\nversion: 1.0.0\n");

    assertEquals(chart, name(NO_HELM, chart, "--repo", "https://charts.invalid"));
    assertEquals(chart, name(NO_HELM, chart, "--repo=https://charts.invalid"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void anArchiveIsAskedForWithHelm(String helm) throws IOException, InterruptedException {
    var chart = chart("apiVersion: v2\nname: shop\nversion: 1.0.0\n");
    RealHelm.run(helm, "package", chart, "--destination", folder.toString());

    assertEquals(
        "shop-1.0.0",
        name(helm, folder.resolve("shop-1.0.0.tgz").toString(), "-f", "x.yaml", "--devel"));
  }
}
