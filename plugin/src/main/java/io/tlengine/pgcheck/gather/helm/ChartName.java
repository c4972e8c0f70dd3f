package io.tlengine.pgcheck.gather.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The chart's name and version, as helm list writes them: tl-engine-0.1.0. They are read while the
 * chart is being rendered, since what is rendered need not tell them.
 */
public final class ChartName implements AutoCloseable {

  private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
  private final String reference;
  private final Future<Optional<String>> answer;

  public ChartName(Helm helm, HelmArguments arguments, Duration timeout) {
    reference = arguments.shownChart();
    answer = thread.submit(() -> metadata(helm, arguments, timeout).flatMap(ChartName::nameOf));
  }

  /** As the user named the chart, where it does not tell. Waits for it. */
  public String text() {
    try {
      return answer.get().orElse(reference);
    } catch (ExecutionException e) {
      // A chart that cannot be read is the rendering's matter.
      return reference;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return reference;
    }
  }

  /** A folder is read here: that takes no second Helm. */
  private static Optional<String> metadata(Helm helm, HelmArguments arguments, Duration timeout)
      throws IOException {
    var file = inFolder(arguments);
    if (file.isPresent()) {
      return Optional.of(Files.readString(file.get()));
    }
    var shown = helm.run(arguments.showChart(), InputStream.nullInputStream(), timeout);
    return shown.code() == 0 ? Optional.of(shown.out()) : Optional.empty();
  }

  private static Optional<Path> inFolder(HelmArguments arguments) {
    if (arguments.fromRepository()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(arguments.chart(), "Chart.yaml")).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> nameOf(String yaml) {
    var chart =
        new KubernetesSerialization(new ObjectMapper(), false).unmarshal(yaml, JsonNode.class);
    var name = chart.path("name").asText();
    var version = chart.path("version").asText();
    return name.isEmpty() || version.isEmpty()
        ? Optional.empty()
        : Optional.of(name + "-" + version);
  }

  /** Ends a helm that still runs. */
  @Override
  public void close() {
    thread.shutdownNow();
    thread.close();
  }
}
