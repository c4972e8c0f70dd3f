package io.tlengine.pgcheck.gather.api;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/** Deletes the very object that was looked at: never another one that has its name since. */
public record Deletion(Cluster cluster, String namespace, String kinds) {

  /**
   * @param seen the object as it has to be still
   * @return false: it has changed or gone meanwhile, and nothing was deleted
   */
  public boolean unchanged(ObjectMeta seen) {
    try {
      request(seen, seen.getResourceVersion());
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** However it has changed meanwhile; what is gone is deleted. */
  public void same(ObjectMeta seen) {
    try {
      request(seen, null);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private void request(ObjectMeta seen, @Nullable String resourceVersion) {
    var options =
        new DeleteOptionsBuilder()
            .withNewPreconditions()
            .withUid(seen.getUid())
            .withResourceVersion(resourceVersion)
            .endPreconditions()
            .build();
    cluster
        .client()
        .raw(
            "/api/v1/namespaces/" + namespace + "/" + kinds + "/" + seen.getName(),
            "DELETE",
            options);
  }
}
