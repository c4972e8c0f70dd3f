package io.tlengine.pgcheck.fact;

import java.util.Optional;
import java.util.regex.Pattern;

/** What {@code helm template} answered to the user's own arguments. */
public sealed interface Rendering {

  /**
   * The chart rendered.
   *
   * @param objects how many Kubernetes objects came out
   */
  record Rendered(int objects) implements Rendering {}

  /**
   * Helm refused values or templates.
   *
   * @param cause its message, shortened to the cause
   */
  record Refused(String cause) implements Rendering {

    /** Helm looks at Chart.yaml's kubeVersion before the templates, and says so in these words. */
    private static final Pattern KUBE_VERSION =
        Pattern.compile("chart requires kubeVersion: (.*) which is incompatible with Kubernetes");

    /** The versions of Kubernetes that the chart takes, when Helm refused because of them. */
    public Optional<String> wantedKubernetes() {
      var found = KUBE_VERSION.matcher(cause);
      return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
  }
}
