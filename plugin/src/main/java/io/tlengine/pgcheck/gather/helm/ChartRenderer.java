package io.tlengine.pgcheck.gather.helm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** Renders the user's chart with the user's arguments, as often as it is asked to. */
public final class ChartRenderer {

  /** Behind "template RELEASE CHART": the values of the release come before the user's. */
  private static final int FIRST_FLAG = 3;

  private final Helm helm;
  private final HelmArguments arguments;
  private final List<String> line;
  private final boolean reuse;

  /** What {@code -f -} reads; it can be read only once. */
  private final byte[] input;

  /**
   * @param kubeVersion of the API server
   * @param installed the release exists, so this is an upgrade
   */
  public ChartRenderer(
      Helm helm,
      HelmArguments arguments,
      String namespace,
      String kubeVersion,
      boolean installed,
      InputStream standardInput) {
    this.helm = helm;
    this.arguments = arguments;
    this.line = List.copyOf(arguments.template(namespace, kubeVersion, installed));
    this.reuse = arguments.reuseValues() && installed;
    this.input = arguments.readsStandardInput() ? readAll(standardInput) : new byte[0];
  }

  /** What helm template prints, or why it refuses. */
  public Helm.Result render(Duration timeout) {
    if (!reuse) {
      return helm.run(line, new ByteArrayInputStream(input), timeout);
    }
    var values =
        helm.run(
            List.of("get", "values", arguments.release(), "--output", "yaml"),
            InputStream.nullInputStream(),
            timeout);
    if (values.code() != 0) {
      return values;
    }
    // Values may hold passwords: a file that only we can read, gone again right after.
    try (var file = PrivateFile.holding(values.out())) {
      var withValues = new java.util.ArrayList<>(line);
      withValues.addAll(FIRST_FLAG, List.of("--values", file.path()));
      return helm.run(withValues, new ByteArrayInputStream(input), timeout);
    }
  }

  private static byte[] readAll(InputStream from) {
    try {
      return from.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
