package io.tlengine.pgcheck.gather.helm;

import java.util.Map;
import java.util.Optional;

/**
 * What Helm hands to a plugin: it takes its own global flags away from the arguments and sets
 * variables instead (Helm, pkg/cli/environment.go).
 */
public record HelmEnvironment(Map<String, String> variables) {

  public HelmEnvironment {
    variables = Map.copyOf(variables);
  }

  /** The helm that called us; without one, the helm on PATH. */
  public String helmBinary() {
    return nonEmpty("HELM_BIN").orElse("helm");
  }

  public String namespace() {
    return nonEmpty("HELM_NAMESPACE").orElse("default");
  }

  /** Empty: the kubeconfig's current context. */
  public Optional<String> kubeContext() {
    return nonEmpty("HELM_KUBECONTEXT");
  }

  /** Called as {@code helm pgcheck}, and not by itself. */
  public boolean calledByHelm() {
    return nonEmpty("HELM_PLUGIN_NAME").isPresent();
  }

  /** The process that called the launcher, as the launcher saw it. */
  public Optional<Long> caller() {
    return nonEmpty("PGCHECK_CALLER").filter(v -> v.matches("\\d{1,9}")).map(Long::valueOf);
  }

  public Optional<String> nonEmpty(String name) {
    return Optional.ofNullable(variables.get(name)).filter(v -> !v.isEmpty());
  }
}
