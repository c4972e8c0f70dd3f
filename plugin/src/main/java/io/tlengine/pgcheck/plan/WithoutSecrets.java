package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pod template as a fact may hold it. Some charts write passwords into variables and commands;
 * such values are taken out, since facts are saved and shown.
 */
final class WithoutSecrets {

  private static final String HIDDEN = "(hidden)";
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(pass|secret|token|key|url|uri|dsn|credential|auth).*");

  /** user:password@ of a URL, and what follows password= or the like. */
  private static final Pattern SECRET_TEXT =
      Pattern.compile("(?<=://)[^/\\s@]*@|(?i)(?<=(pass|password|pwd|token|secret)[=:])\\S+");

  private WithoutSecrets() {}

  static PodSpec of(PodSpec spec) {
    var copy = new PodSpecBuilder(spec).build();
    copy.getInitContainers().forEach(WithoutSecrets::clean);
    copy.getContainers().forEach(WithoutSecrets::clean);
    return copy;
  }

  private static void clean(Container container) {
    container.setEnv(container.getEnv().stream().map(WithoutSecrets::clean).toList());
    container.setCommand(clean(container.getCommand()));
    container.setArgs(clean(container.getArgs()));
  }

  private static EnvVar clean(EnvVar variable) {
    var value = variable.getValue();
    if (value == null) {
      return variable;
    }
    var kept = SECRET_NAME.matcher(variable.getName()).matches() ? HIDDEN : clean(value);
    return new EnvVarBuilder(variable).withValue(kept).build();
  }

  private static List<String> clean(List<String> words) {
    return words.stream().map(WithoutSecrets::clean).toList();
  }

  private static String clean(String text) {
    return SECRET_TEXT.matcher(text).replaceAll(HIDDEN);
  }
}
