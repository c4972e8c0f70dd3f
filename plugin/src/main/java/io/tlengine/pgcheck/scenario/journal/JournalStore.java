package io.tlengine.pgcheck.scenario.journal;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Deletion;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps a release's journal in a ConfigMap beside the release. */
public final class JournalStore {

  /** How often an object that changes all the time is looked at anew. */
  private static final int TRIES = 10;

  private static final String KEY = "journal.json";

  private final Cluster cluster;
  private final String namespace;

  public JournalStore(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /**
   * A journal as it was found.
   *
   * @param since when it was begun, by the API server's clock
   */
  public record Left(Journal journal, Instant since) {}

  /** What a run left; a run that put everything back left none. */
  public Optional<Left> read(String release) throws ScenarioException {
    ConfigMap map;
    try {
      map = resource(release).get();
    } catch (KubernetesClientException e) {
      throw new ScenarioException(
          "it cannot be seen whether an earlier run left something to put back: " + Failure.of(e),
          Failure.remedy(e, grant()),
          e);
    }
    if (map == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Left(
            JournalFormat.read(text(map)),
            Instant.parse(map.getMetadata().getCreationTimestamp())));
  }

  /** Of which releases journals lie in the namespace; none for who may not list them. */
  public List<String> releases() {
    try {
      return cluster
          .client()
          .configMaps()
          .inNamespace(namespace)
          .withLabel(OwnObjects.MANAGED_BY_LABEL, OwnObjects.MANAGER)
          .list()
          .getItems()
          .stream()
          .filter(m -> m.getMetadata().getName().startsWith(OwnObjects.JOURNAL))
          .flatMap(m -> OwnObjects.release(m).stream())
          .sorted()
          .toList();
    } catch (KubernetesClientException e) {
      return List.of();
    }
  }

  /**
   * Writes it as a whole, in one request.
   *
   * @return when it was begun, by the API server's clock
   */
  Instant write(Journal journal) throws ScenarioException {
    var map =
        new ConfigMapBuilder()
            .withMetadata(
                OwnObjects.metadata(
                    OwnObjects.journalName(journal.release()), namespace, journal.release()))
            .addToData(KEY, JournalFormat.write(journal))
            .build();
    try {
      var written =
          cluster
              .client()
              .configMaps()
              .inNamespace(namespace)
              .resource(map)
              .patch(
                  new PatchContext.Builder()
                      .withPatchType(PatchType.SERVER_SIDE_APPLY)
                      .withFieldManager(OwnObjects.FIELD_MANAGER)
                      .withForce(true)
                      .build());
      return Instant.parse(written.getMetadata().getCreationTimestamp());
    } catch (KubernetesClientException e) {
      throw new ScenarioException(
          "what is going to be changed could not be written down, so it was not changed: "
              + Failure.of(e),
          Failure.remedy(e, grant()),
          e);
    }
  }

  /**
   * Deletes it, if it is this run's: whoever took the release over has one of the same name. The
   * request names the version that was looked at.
   */
  public void delete(Journal journal) throws ScenarioException {
    var resource = resource(journal.release());
    for (int i = 0; i < TRIES; i++) {
      var map = resource.get();
      if (map == null || !JournalFormat.read(text(map)).holder().equals(journal.holder())) {
        return;
      }
      if (new Deletion(cluster, namespace, "configmaps").unchanged(map.getMetadata())) {
        return;
      }
    }
    throw new ScenarioException(
        "it changed each time before it was to be deleted",
        "see who changes it: kubectl get configmap "
            + OwnObjects.journalName(journal.release())
            + " -n "
            + namespace
            + " -o yaml --show-managed-fields");
  }

  private static String text(ConfigMap map) {
    var text = map.getData() == null ? null : map.getData().get(KEY);
    return text == null ? "" : text;
  }

  /** The right to the journal, from its first look to its end. */
  private Grant grant() {
    return Grant.inNamespace(
        "pgcheck-journal", namespace, "--verb=get,list,create,patch,delete --resource=configmaps");
  }

  private Resource<ConfigMap> resource(String release) {
    return cluster
        .client()
        .configMaps()
        .inNamespace(namespace)
        .withName(OwnObjects.journalName(release));
  }
}
