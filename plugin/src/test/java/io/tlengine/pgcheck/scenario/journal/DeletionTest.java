package io.tlengine.pgcheck.scenario.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.gather.api.Deletion;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.pod.Pods;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deleted is the object that was looked at, whatever has its name by then. */
class DeletionTest {

  private static final String POD = "/api/v1/namespaces/shop/pods/postgres-0";
  private static final String JOURNAL = "/api/v1/namespaces/shop/configmaps/pgcheck-journal-tl";

  @TempDir Path folder;
  private ObjectServer server;

  @BeforeEach
  void start() throws IOException {
    server = new ObjectServer(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Pod pod() {
    return new Pods(server.cluster(), "shop").get("postgres-0").orElseThrow();
  }

  private String precondition(int request, String name) {
    return server.requests("DELETE").get(request).body().at("/preconditions/" + name).asText();
  }

  private static Journal journal(String holder) {
    return new Journal(
        "tl", holder, Optional.empty(), List.of(new Entry.PodSchema("postgres", "postgres-0")));
  }

  @Test
  void aPodIsDeletedByItsUid() throws Exception {
    var made = server.put(POD);

    new Pods(server.cluster(), "shop").delete(pod());

    assertTrue(server.get(POD).isEmpty());
    assertEquals(made.at("/metadata/uid").asText(), precondition(0, "uid"));
  }

  @Test
  void anotherPodOfItsNameIsLeftAlone() {
    server.put(POD);
    var seen = pod();
    server.beforeDelete(
        () -> {
          server.remove(POD);
          server.put(POD);
        });

    var thrown =
        assertThrows(
            ScenarioException.class, () -> new Pods(server.cluster(), "shop").delete(seen));

    assertTrue(thrown.getMessage().contains("postgres-0 was gone or replaced"));
    assertTrue(thrown.getMessage().contains("by somebody else"));
    assertTrue(server.get(POD).isPresent());
    assertEquals(1, server.requests("DELETE").size());
  }

  @Test
  void aPodThatHasChangedOnlyIsDeletedAsItIsThen() throws Exception {
    server.put(POD);
    var seen = pod();
    server.beforeDelete(() -> server.put(POD, server.get(POD).orElseThrow()));

    new Pods(server.cluster(), "shop").delete(seen);

    assertTrue(server.get(POD).isEmpty());
    assertEquals(precondition(0, "uid"), precondition(1, "uid"));
  }

  @Test
  void aJournalIsDeletedByItsUid() throws Exception {
    var store = new JournalStore(server.cluster(), "shop");
    store.write(journal("me"));
    var uid = server.get(JOURNAL).orElseThrow().at("/metadata/uid").asText();

    store.delete(journal("me"));

    assertTrue(server.get(JOURNAL).isEmpty());
    assertEquals(uid, precondition(0, "uid"));
  }

  @Test
  void anothersJournalStays() throws Exception {
    var store = new JournalStore(server.cluster(), "shop");
    store.write(journal("somebody else"));

    store.delete(journal("me"));

    assertTrue(server.get(JOURNAL).isPresent());
    assertTrue(server.requests("DELETE").isEmpty());
  }

  @Test
  void aJournalThatAnotherTakesOverMeanwhileStays() throws Exception {
    var store = new JournalStore(server.cluster(), "shop");
    store.write(journal("me"));
    var theirs = new JournalStore(server.cluster(), "other");
    theirs.write(journal("somebody else"));
    var data = server.get(JOURNAL.replace("/shop/", "/other/")).orElseThrow().withObject("data");
    server.beforeDelete(
        () -> {
          var map = server.get(JOURNAL).orElseThrow();
          map.set("data", data);
          server.put(JOURNAL, map);
        });

    store.delete(journal("me"));

    assertEquals("somebody else", store.read("tl").orElseThrow().journal().holder());
  }

  @Test
  void aNewClaimIsDeletedByItsUid() {
    var claim = "/api/v1/namespaces/shop/persistentvolumeclaims/data-postgres-1";
    server.put(claim);
    var seen =
        server
            .cluster()
            .client()
            .persistentVolumeClaims()
            .inNamespace("shop")
            .withName("data-postgres-1")
            .get();
    server.beforeDelete(
        () -> {
          server.remove(claim);
          server.put(claim);
        });

    assertThrows(
        KubernetesClientException.class,
        () ->
            new Deletion(server.cluster(), "shop", "persistentvolumeclaims")
                .same(seen.getMetadata()));

    assertTrue(server.get(claim).isPresent());
  }

  @Test
  void whatIsGoneMeanwhileIsDeleted() {
    var claim = "/api/v1/namespaces/shop/persistentvolumeclaims/data-postgres-1";
    server.put(claim);
    var seen =
        server
            .cluster()
            .client()
            .persistentVolumeClaims()
            .inNamespace("shop")
            .withName("data-postgres-1")
            .get();
    server.beforeDelete(() -> server.remove(claim));

    new Deletion(server.cluster(), "shop", "persistentvolumeclaims").same(seen.getMetadata());

    assertTrue(server.get(claim).isEmpty());
  }
}
