package io.tlengine.pgcheck.gather.install;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pods and claims that the controllers will make of the release's objects: the first one of
 * each template, as the controllers write it.
 */
final class DerivedPods {

  private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
  private static final String POD_INDEX = "apps.kubernetes.io/pod-index";

  private DerivedPods() {}

  static Optional<Pod> pod(HasMetadata object) {
    return switch (object) {
      case StatefulSet s -> Optional.of(of(s));
      case Deployment d -> Optional.of(pod(d, d.getSpec().getTemplate()));
      case DaemonSet d -> Optional.of(pod(d, d.getSpec().getTemplate()));
      case Job j -> Optional.of(pod(j, j.getSpec().getTemplate()));
      case CronJob c -> Optional.of(pod(c, c.getSpec().getJobTemplate().getSpec().getTemplate()));
      case Pod p -> Optional.of(new PodBuilder(p).withStatus(null).build());
      default -> Optional.empty();
    };
  }

  /** The first claim of each template. */
  static List<PersistentVolumeClaim> claims(HasMetadata object) {
    var claims = new ArrayList<PersistentVolumeClaim>();
    if (object instanceof PersistentVolumeClaim claim) {
      claims.add(claim);
    } else if (object instanceof StatefulSet set) {
      for (var template : set.getSpec().getVolumeClaimTemplates()) {
        claims.add(
            new PersistentVolumeClaimBuilder(template)
                .withApiVersion("v1")
                .withKind("PersistentVolumeClaim")
                .editMetadata()
                .withName(claimName(set, template))
                .addToLabels(set.getSpec().getSelector().getMatchLabels())
                .endMetadata()
                .withStatus(null)
                .build());
      }
    }
    return claims;
  }

  private static Pod of(StatefulSet set) {
    int first = firstOrdinal(set);
    var name = set.getMetadata().getName() + "-" + first;
    var pod = pod(set, set.getSpec().getTemplate());
    var templates = set.getSpec().getVolumeClaimTemplates();
    var names = templates.stream().map(t -> t.getMetadata().getName()).toList();
    // The controller puts its claims in place of volumes of the same name.
    var volumes = new ArrayList<Volume>();
    pod.getSpec().getVolumes().stream()
        .filter(v -> !names.contains(v.getName()))
        .forEach(volumes::add);
    for (var template : templates) {
      volumes.add(
          new VolumeBuilder()
              .withName(template.getMetadata().getName())
              .withNewPersistentVolumeClaim()
              .withClaimName(claimName(set, template))
              .endPersistentVolumeClaim()
              .build());
    }
    return new PodBuilder(pod)
        .editMetadata()
        .addToLabels(POD_NAME, name)
        .addToLabels(POD_INDEX, String.valueOf(first))
        .endMetadata()
        .editSpec()
        .withHostname(name)
        .withSubdomain(set.getSpec().getServiceName())
        .withVolumes(volumes)
        .endSpec()
        .build();
  }

  /** With a name of its own, since that of a running pod is taken. */
  private static Pod pod(HasMetadata owner, PodTemplateSpec template) {
    var builder =
        new PodBuilder()
            .withNewMetadata()
            .withGenerateName(owner.getMetadata().getName() + "-")
            .endMetadata()
            .withSpec(template.getSpec());
    var metadata = template.getMetadata();
    if (metadata != null) {
      builder
          .editMetadata()
          .withLabels(metadata.getLabels())
          .withAnnotations(metadata.getAnnotations())
          .endMetadata();
    }
    return builder.build();
  }

  private static String claimName(StatefulSet set, PersistentVolumeClaim template) {
    return template.getMetadata().getName()
        + "-"
        + set.getMetadata().getName()
        + "-"
        + firstOrdinal(set);
  }

  private static int firstOrdinal(StatefulSet set) {
    var ordinals = set.getSpec().getOrdinals();
    return ordinals == null || ordinals.getStart() == null ? 0 : ordinals.getStart();
  }
}
