package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.gather.helm.HelmArguments;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The words RELEASE CHART, as helm install takes them. */
final class ReleaseAndChart {

  private ReleaseAndChart() {}

  static void addTo(CommandSpec spec, boolean required) {
    spec.addPositional(
        word(0, "RELEASE", required)
            .description("the release's name, as for helm install")
            .build());
    spec.addPositional(
        word(1, "CHART", required)
            .description("a folder, an archive or a reference, as for helm install")
            .build());
  }

  private static PositionalParamSpec.Builder word(int index, String label, boolean required) {
    return PositionalParamSpec.builder()
        .index(Integer.toString(index))
        .paramLabel(label)
        .type(String.class)
        .required(required)
        .arity(required ? "1" : "0..1");
  }

  /** Both words must have been given. */
  static HelmArguments from(ParseResult parsed, HelmArguments.Split split) {
    return new HelmArguments(
        parsed.matchedPositional(0).getValue(),
        parsed.matchedPositional(1).getValue(),
        split.helms(),
        split.reuseValues(),
        split.apply());
  }
}
