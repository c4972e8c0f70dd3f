package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tlengine.pgcheck.plan.Workload.Hook;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads which objects of a release make pods, and how many. */
final class WorkloadReader {

  private static final String HOOK = "helm.sh/hook";
  private static final String HOOK_WEIGHT = "helm.sh/hook-weight";

  /** apps/v1 Deployment, default of maxSurge: a quarter. */
  private static final int DEFAULT_SURGE_PERCENT = 25;

  private WorkloadReader() {}

  static List<Workload> read(List<HasMetadata> manifests) {
    return manifests.stream().flatMap(m -> read(m, manifests).stream()).toList();
  }

  private static Optional<Workload> read(HasMetadata object, List<HasMetadata> manifests) {
    return switch (object) {
      case Deployment d -> {
        int replicas = fewest(object, orOne(d.getSpec().getReplicas()), manifests);
        int most = most(object, replicas, manifests);
        yield Optional.of(workload(d, d.getSpec().getTemplate(), replicas, most, surge(d, most)));
      }
      case StatefulSet s -> {
        int replicas = fewest(object, orOne(s.getSpec().getReplicas()), manifests);
        yield Optional.of(
            workload(s, s.getSpec().getTemplate(), replicas, most(object, replicas, manifests), 0));
      }
      // One pod a node: how many is known by the cluster alone.
      case DaemonSet d -> Optional.of(workload(d, d.getSpec().getTemplate(), 1, 1, 0));
      case Job j -> {
        int pods = orOne(j.getSpec().getParallelism());
        yield Optional.of(workload(j, j.getSpec().getTemplate(), pods, pods, 0));
      }
      case CronJob c -> {
        var job = c.getSpec().getJobTemplate().getSpec();
        int pods = orOne(job.getParallelism());
        yield Optional.of(workload(c, job.getTemplate(), pods, pods, 0));
      }
      case Pod p -> Optional.of(workload(p, template(p), 1, 1, 0));
      default -> Optional.empty();
    };
  }

  private static Workload workload(
      HasMetadata object, PodTemplateSpec template, int replicas, int most, int surge) {
    var labels = template.getMetadata() == null ? null : template.getMetadata().getLabels();
    return new Workload(
        object.getKind(),
        object.getMetadata().getName(),
        hook(object),
        object instanceof CronJob c ? Optional.of(c.getSpec().getSchedule()) : Optional.empty(),
        replicas,
        most,
        surge,
        labels == null ? Map.of() : labels,
        object instanceof StatefulSet s
            ? s.getSpec().getVolumeClaimTemplates().stream()
                .map(t -> t.getMetadata().getName())
                .toList()
            : List.of(),
        WithoutSecrets.of(template.getSpec()));
  }

  private static PodTemplateSpec template(Pod pod) {
    return new PodTemplateSpecBuilder()
        .withMetadata(pod.getMetadata())
        .withSpec(pod.getSpec())
        .build();
  }

  /** An autoscaler of the release brings them up to its own minimum. */
  private static int fewest(HasMetadata object, int replicas, List<HasMetadata> manifests) {
    return scaler(object, manifests)
        .map(h -> Math.max(replicas, orOne(h.getMinReplicas())))
        .orElse(replicas);
  }

  /** The most pods that an autoscaler of the release may make of it. */
  private static int most(HasMetadata object, int replicas, List<HasMetadata> manifests) {
    return scaler(object, manifests)
        .map(h -> Math.max(replicas, h.getMaxReplicas()))
        .orElse(replicas);
  }

  private static Optional<HorizontalPodAutoscalerSpec> scaler(
      HasMetadata object, List<HasMetadata> manifests) {
    return manifests.stream()
        .filter(HorizontalPodAutoscaler.class::isInstance)
        .map(h -> ((HorizontalPodAutoscaler) h).getSpec())
        .filter(
            h ->
                h.getScaleTargetRef().getKind().equals(object.getKind())
                    && h.getScaleTargetRef().getName().equals(object.getMetadata().getName()))
        .findFirst();
  }

  private static int surge(Deployment deployment, int pods) {
    var strategy = deployment.getSpec().getStrategy();
    if (strategy != null && "Recreate".equals(strategy.getType())) {
      return 0;
    }
    var rolling = strategy == null ? null : strategy.getRollingUpdate();
    var surge = rolling == null ? null : rolling.getMaxSurge();
    return surge == null ? percent(DEFAULT_SURGE_PERCENT, pods) : count(surge, pods);
  }

  private static int count(IntOrString surge, int pods) {
    if (surge.getIntVal() != null) {
      return surge.getIntVal();
    }
    var digits = surge.getStrVal().replace("%", "").strip();
    return digits.matches("\\d{1,4}") ? percent(Integer.parseInt(digits), pods) : 0;
  }

  private static int percent(int percent, int pods) {
    return Math.ceilDiv(percent * pods, 100);
  }

  static Optional<Hook> hook(HasMetadata object) {
    var annotations = object.getMetadata().getAnnotations();
    if (annotations == null || !annotations.containsKey(HOOK)) {
      return Optional.empty();
    }
    var weight = annotations.getOrDefault(HOOK_WEIGHT, "0").strip();
    return Optional.of(
        new Hook(
            Arrays.stream(annotations.get(HOOK).split(",", -1)).map(String::strip).toList(),
            weight.matches("-?\\d{1,9}") ? Integer.parseInt(weight) : 0));
  }

  private static int orOne(@org.jspecify.annotations.Nullable Integer number) {
    return number == null ? 1 : number;
  }
}
