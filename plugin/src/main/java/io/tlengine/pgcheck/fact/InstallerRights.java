package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * What an install or upgrade does at the API server, and whether this user may
 * (authorization.k8s.io/v1 SelfSubjectAccessReview).
 *
 * @param user whose rights these are
 */
public record InstallerRights(String user, List<Answer> answers) {

  public InstallerRights {
    answers = List.copyOf(answers);
  }

  /**
   * @param namespace empty for a resource of the whole cluster
   * @param why the object or step that takes it, for example Deployment/tl-engine
   * @param reason the authorizer's own words, or an empty text
   */
  public record Answer(
      String verb,
      String group,
      String resource,
      Optional<String> namespace,
      String why,
      boolean allowed,
      String reason) {}
}
