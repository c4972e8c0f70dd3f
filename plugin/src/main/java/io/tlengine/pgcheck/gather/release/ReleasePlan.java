package io.tlengine.pgcheck.gather.release;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.ChartRenderer;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.gather.helm.HelmArguments;
import io.tlengine.pgcheck.gather.helm.HelmWords;
import io.tlengine.pgcheck.gather.helm.Manifests;
import io.tlengine.pgcheck.gather.helm.ReleaseStatus;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.PlanReader;
import io.tlengine.pgcheck.plan.StoragePlan;
import io.tlengine.pgcheck.plan.StoragePlanReader;
import io.tlengine.pgcheck.plan.UrlHints;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;

/** What a release that is going to be installed or upgraded asks for, and nothing around it. */
public record ReleasePlan(Plan plan, StoragePlan storage) {

  /**
   * @param hints where a chart that is not ours has its database URL
   * @throws GatherException USAGE with Helm's words when it refuses values or templates, and when
   *     no container has the variable that the hints name
   */
  public static ReleasePlan of(
      Helm helm,
      Cluster cluster,
      String namespace,
      HelmArguments arguments,
      UrlHints hints,
      InputStream input,
      Duration timeout) {
    boolean installed;
    try (var status = new ReleaseStatus(helm, arguments.release(), namespace, timeout)) {
      installed = status.installed(arguments);
    }
    var rendered =
        new ChartRenderer(helm, arguments, namespace, cluster.version(), installed, input)
            .render(timeout);
    if (rendered.code() != 0) {
      throw new GatherException(
          Kind.USAGE,
          HelmWords.usage(rendered.cause(), arguments)
              .orElse("the chart does not render: " + rendered.cause()));
    }
    var manifests = Manifests.parse(rendered.out());
    return new ReleasePlan(read(manifests, hints), StoragePlanReader.read(manifests));
  }

  /**
   * A variable that nobody has is a slip of the pen: a run that passes without it would mislead.
   */
  public static Plan read(List<HasMetadata> manifests, UrlHints hints) {
    var plan = PlanReader.read(manifests, hints);
    if (hints.variable().isPresent() && plan.urlSource().isEmpty()) {
      throw new GatherException(
          Kind.USAGE,
          "no container of the chart takes the variable "
              + hints.variable().get()
              + " from a Secret; name the Secret itself: --database-secret NAME/KEY");
    }
    return plan;
  }
}
