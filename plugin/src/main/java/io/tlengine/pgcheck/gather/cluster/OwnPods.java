package io.tlengine.pgcheck.gather.cluster;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.plan.Workload;
import java.util.Objects;
import java.util.Optional;

/** Which of the plan's workloads a live pod belongs to. */
final class OwnPods {

  private static final String HASH_LABEL = "pod-template-hash";

  private OwnPods() {}

  static Optional<String> workload(Look look, Pod pod) {
    if (!look.namespace().equals(pod.getMetadata().getNamespace())) {
      return Optional.empty();
    }
    var owner =
        pod.getMetadata().getOwnerReferences().stream()
            .filter(o -> Boolean.TRUE.equals(o.getController()))
            .findFirst();
    var id = owner.map(o -> id(o, pod)).orElse("Pod/" + pod.getMetadata().getName());
    return look.plan().workloads().stream().map(Workload::id).filter(id::equals).findFirst();
  }

  /** A Deployment's ReplicaSets are named after it, with the hash of the pod template. */
  private static String id(OwnerReference owner, Pod pod) {
    var labels = pod.getMetadata().getLabels();
    var hash = labels == null ? null : labels.get(HASH_LABEL);
    var name = owner.getName();
    if (owner.getKind().equals("ReplicaSet") && hash != null && name.endsWith("-" + hash)) {
      return "Deployment/" + name.substring(0, name.length() - hash.length() - 1);
    }
    return owner.getKind() + "/" + name;
  }

  /** It holds room and quota: neither ended nor on its way to be. */
  static boolean running(Pod pod) {
    var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return !Objects.equals(phase, "Succeeded") && !Objects.equals(phase, "Failed");
  }
}
