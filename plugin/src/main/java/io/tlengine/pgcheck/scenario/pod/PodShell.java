package io.tlengine.pgcheck.scenario.pod;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.io.ByteArrayOutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Commands in a container of a pod, by exec. */
public final class PodShell implements Shell {

  private static final int NO_SUCH_COMMAND = 126;

  /** How the library words the refusal of an upgrade to a stream. */
  private static final Pattern REFUSED = Pattern.compile("\\b403\\b|Forbidden");

  private final Cluster cluster;
  private final String namespace;
  private final String pod;
  private final String container;

  public PodShell(Cluster cluster, String namespace, String pod, String container) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.pod = pod;
    this.container = container;
  }

  @Override
  public Ran run(Duration timeout, List<String> command)
      throws ScenarioException, InterruptedException {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    try (var watch =
        cluster
            .client()
            .pods()
            .inNamespace(namespace)
            .withName(pod)
            .inContainer(container)
            .writingOutput(out)
            .writingError(err)
            .exec(command.toArray(String[]::new))) {
      int code = watch.exitCode().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (code < 0 || code == NO_SUCH_COMMAND || code == NO_SUCH_COMMAND + 1) {
        throw impossible("the container has no " + command.getFirst());
      }
      return new Ran(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } catch (TimeoutException e) {
      throw impossible(command.getFirst() + " did not end within " + timeout.toSeconds() + " s");
    } catch (ExecutionException e) {
      if (forbidden(e)) {
        throw notAllowed();
      }
      throw impossible(Failure.of(e.getCause() == null ? e : e.getCause()));
    } catch (KubernetesClientException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      if (forbidden(e)) {
        throw notAllowed();
      }
      throw impossible(Failure.of(e));
    }
  }

  /** The refusal of an upgrade to a stream lies somewhere below what the library throws. */
  private static boolean forbidden(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if ((t instanceof KubernetesClientException k
              && k.getCode() == HttpURLConnection.HTTP_FORBIDDEN)
          || REFUSED.matcher(String.valueOf(t.getMessage())).find()) {
        return true;
      }
    }
    return false;
  }

  /** Unlike other refusals that of a stream does not say who was refused. */
  private ScenarioException notAllowed() {
    return new ScenarioException(
        "you may not run a command in " + pod,
        Grant.inNamespace("pgcheck-exec", namespace, "--verb=get,create --resource=pods/exec")
            .to(cluster.user().orElse("")));
  }

  private ScenarioException impossible(String why) {
    return new ScenarioException(
        "no command can be run in " + pod + ": " + why,
        "kubectl exec "
            + pod
            + " -n "
            + namespace
            + " -c "
            + container
            + " -- sh -c true (the image needs a shell)");
  }
}
