package io.tlengine.pgcheck.fact;

import java.util.List;
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

    /** A number, true or false where the chart's schema wants a text; Helm 3.18 and later. */
    private static final Pattern NO_TEXT =
        Pattern.compile("at '/([^']*)': got (?:number|boolean), want string");

    /** The keys that want a text and were given something else, as --set names them. */
    public List<String> wantedTexts() {
      return NO_TEXT
          .matcher(cause)
          .results()
          // A JSON pointer: ~1 and ~0 stand for / and ~; --set takes a dot of a name as \\.
          .map(m -> m.group(1).replace(".", "\\.").replace('/', '.'))
          .map(key -> key.replace("~1", "/").replace("~0", "~"))
          .distinct()
          .toList();
    }

    /** The versions of Kubernetes that the chart takes, when Helm refused because of them. */
    public Optional<String> wantedKubernetes() {
      var found = KUBE_VERSION.matcher(cause);
      return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
  }
}
