package io.tlengine.pgcheck.gather.database;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;

/** The smallest manifests that take a database URL. */
final class WorkloadManifests {

  private WorkloadManifests() {}

  /**
   * @param variables in YAML's flow style, each followed by a comma
   */
  static HasMetadata deployment(String variables) {
    return Serialization.unmarshal(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: engine}
        spec:
          selector: {matchLabels: {app: engine}}
          template:
            metadata: {labels: {app: engine}}
            spec: {containers: [{name: engine, image: engine, env: [%s]}]}
        """
            .formatted(variables),
        Deployment.class);
  }

  static HasMetadata migrations(String variables) {
    return Serialization.unmarshal(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: migrations, annotations: {helm.sh/hook: "pre-install,pre-upgrade"}}
        spec:
          template:
            metadata: {}
            spec: {containers: [{name: migrations, image: engine, env: [%s]}]}
        """
            .formatted(variables),
        Job.class);
  }
}
