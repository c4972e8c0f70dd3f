package io.tlengine.pgcheck.gather.api;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the user may do, as the authorizer itself says (authorization.k8s.io/v1
 * SelfSubjectAccessReview).
 */
public final class AccessReview {

  private AccessReview() {}

  /**
   * @param namespace null: in the whole cluster
   * @throws KubernetesClientException when it cannot be asked
   */
  public static SubjectAccessReviewStatus ask(
      Cluster cluster, String verb, String group, String resource, @Nullable String namespace) {
    SelfSubjectAccessReview review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb(verb)
            .withGroup(group)
            .withResource(resource)
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build();
    return cluster
        .client()
        .authorization()
        .v1()
        .selfSubjectAccessReview()
        .create(review)
        .getStatus();
  }

  /**
   * The first of these rights that the user lacks. Where it cannot be asked, none: then the request
   * itself tells.
   */
  public static Optional<ApiRight> lacking(
      Cluster cluster, String namespace, List<ApiRight> rights) {
    try {
      for (var right : rights) {
        var answer = ask(cluster, right.verb(), right.group(), right.resource(), namespace);
        if (!Boolean.TRUE.equals(answer.getAllowed())) {
          return Optional.of(right);
        }
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }
}
