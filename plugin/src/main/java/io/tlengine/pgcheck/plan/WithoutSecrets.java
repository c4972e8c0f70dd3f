package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.ExecActionBuilder;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.tlengine.pgcheck.plan.DatabaseSet.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plans as facts may hold them. Some charts write passwords into variables, commands and probes;
 * such values are taken out, since facts are saved and shown.
 */
final class WithoutSecrets {

  private static final String HIDDEN = "(hidden)";
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(pass|secret|token|key|url|uri|dsn|credential|auth|cookie).*");

  /** user:password@ of a URL, and what follows password= or the like, with or without quotes. */
  private static final Pattern SECRET_TEXT =
      Pattern.compile(
          "(?<=://)[^/\\s@]*@"
              + "|(?i)(?<=(pass|password|passwd|pwd|token|secret|apikey)[\"']?\\s{0,3}[=:]\\s{0,3})"
              + "(\"[^\"]*\"|'[^']*'|[^\\s\"']\\S*)"
              + "|(?i)(?<=--(pass|password|passwd|pwd|token|secret)\\s{1,3})[^\\s-]\\S*");

  /** A flag whose value is the next word. */
  private static final Pattern SECRET_FLAG =
      Pattern.compile("(?i)(?!--?no-)--?[a-z-]*(pass|password|passwd|pwd|token|secret)");

  private WithoutSecrets() {}

  static PodSpec of(PodSpec spec) {
    var copy = new PodSpecBuilder(spec).build();
    copy.getInitContainers().forEach(WithoutSecrets::clean);
    copy.getContainers().forEach(WithoutSecrets::clean);
    return copy;
  }

  static DatabaseSet of(DatabaseSet set) {
    return new DatabaseSet(
        set.name(),
        set.replicas(),
        set.firstOrdinal(),
        set.container(),
        set.port(),
        set.database(),
        set.user(),
        set.password().map(p -> p instanceof Source.Literal ? new Source.Literal(HIDDEN) : p),
        set.dataClaimTemplate());
  }

  private static void clean(Container container) {
    container.setEnv(container.getEnv().stream().map(WithoutSecrets::clean).toList());
    container.setCommand(clean(container.getCommand()));
    container.setArgs(clean(container.getArgs()));
    Stream.of(
            container.getLivenessProbe(),
            container.getReadinessProbe(),
            container.getStartupProbe())
        .filter(Objects::nonNull)
        .forEach(WithoutSecrets::clean);
    var lifecycle = container.getLifecycle();
    if (lifecycle != null) {
      Stream.of(lifecycle.getPostStart(), lifecycle.getPreStop())
          .filter(Objects::nonNull)
          .forEach(WithoutSecrets::clean);
    }
  }

  private static void clean(Probe probe) {
    probe.setExec(clean(probe.getExec()));
    probe.setHttpGet(clean(probe.getHttpGet()));
  }

  private static void clean(LifecycleHandler handler) {
    handler.setExec(clean(handler.getExec()));
    handler.setHttpGet(clean(handler.getHttpGet()));
  }

  private static @Nullable ExecAction clean(@Nullable ExecAction exec) {
    return exec == null
        ? null
        : new ExecActionBuilder(exec).withCommand(clean(exec.getCommand())).build();
  }

  private static @Nullable HTTPGetAction clean(@Nullable HTTPGetAction get) {
    if (get == null) {
      return null;
    }
    var headers =
        get.getHttpHeaders().stream()
            .map(
                h ->
                    SECRET_NAME.matcher(h.getName()).matches()
                        ? new HTTPHeader(h.getName(), HIDDEN)
                        : h)
            .toList();
    return new HTTPGetActionBuilder(get)
        .withHttpHeaders(headers)
        .withPath(get.getPath() == null ? null : clean(get.getPath()))
        .build();
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
    var kept = new ArrayList<String>();
    boolean hide = false;
    for (var word : words) {
      kept.add(hide ? HIDDEN : clean(word));
      hide = SECRET_FLAG.matcher(word).matches();
    }
    return kept;
  }

  private static String clean(String text) {
    return SECRET_TEXT.matcher(text).replaceAll(HIDDEN);
  }
}
