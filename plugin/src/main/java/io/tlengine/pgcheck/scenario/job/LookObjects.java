package io.tlengine.pgcheck.scenario.job;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tlengine.pgcheck.gather.saved.LookOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Job by which a look from inside the cluster is made. Its pod stands where the application's
 * pods stand: their labels (network policies select by them), DNS, nodes and account. It is never
 * ready, so that no Service sends it clients, and as strict as the restricted Pod Security standard
 * wants.
 *
 * @param account the ServiceAccount
 * @param podLabels of the application's pods; none when nothing of the plan is an application
 * @param pod of the application
 */
record LookObjects(
    String name, String image, String account, Map<String, String> podLabels, PodSpec pod) {

  static final String CONTAINER = "pgcheck";

  /** A condition that nothing sets (v1 PodSpec readinessGates). */
  private static final String NEVER = "pgcheck.io/never-ready";

  /**
   * @param deadline after which it ends by itself
   */
  Job job(LookOrder order, Duration deadline) {
    return new HelperJob(name, "cluster-look").of(spec(order), podLabels, deadline);
  }

  private PodSpec spec(LookOrder order) {
    return HelperPod.like(pod)
        .withServiceAccountName(account)
        .addNewReadinessGate()
        .withConditionType(NEVER)
        .endReadinessGate()
        .withDnsPolicy(pod.getDnsPolicy())
        .withDnsConfig(pod.getDnsConfig())
        .withHostAliases(pod.getHostAliases())
        .withHostNetwork(pod.getHostNetwork())
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(container(order))
        .build();
  }

  private Container container(LookOrder order) {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(image)
        .withArgs("look")
        .withEnv(variables(order))
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .withNewResources()
        .withRequests(Map.of("cpu", new Quantity("50m"), "memory", new Quantity("128Mi")))
        .withLimits(Map.of("cpu", new Quantity("1"), "memory", new Quantity("256Mi")))
        .endResources()
        .build();
  }

  private static List<EnvVar> variables(LookOrder order) {
    var variables = new ArrayList<EnvVar>();
    // Else Java reads the bytes of a variable as ASCII.
    variables.add(new EnvVar("LANG", "C.UTF-8", null));
    // The kubelet would expand $(NAME).
    variables.add(new EnvVar(LookOrder.VARIABLE, order.json().replace("$(", "$$("), null));
    for (int i = 0; i < order.urls().size(); i++) {
      variables.add(
          new EnvVarBuilder()
              .withName(LookOrder.urlVariable(i))
              .withNewValueFrom()
              // A missing Secret is the matter of PGC-802, and no reason not to start.
              .withNewSecretKeyRef(order.urls().get(i).key(), order.urls().get(i).secret(), true)
              .endValueFrom()
              .build());
    }
    return variables;
  }
}
