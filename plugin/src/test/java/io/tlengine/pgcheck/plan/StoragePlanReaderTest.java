package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.gather.helm.Manifests;
import io.tlengine.pgcheck.plan.StoragePlan.RenderedClaim;
import io.tlengine.pgcheck.plan.StoragePlan.SetStorage;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoragePlanReaderTest {

  @Test
  void ourReplicatedSetsAreToldApart() {
    var plan = StoragePlanReader.read(Fixtures.manifests("our-replicated"));

    assertEquals(
        List.of(false, true), plan.sets().stream().map(SetStorage::standby).sorted().toList());
    assertEquals(List.of(true, true), plan.sets().stream().map(SetStorage::ownPassword).toList());
    assertEquals(List.of(), plan.rendered());
  }

  @Test
  void aForeignChartsPolicyBlockVolumesAndClaimsAreRead() {
    var plan =
        StoragePlanReader.read(
            Manifests.parse(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db}
                spec:
                  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}
                  template: {spec: {containers: [{name: db}]}}
                  volumeClaimTemplates:
                    - metadata: {name: raw}
                      spec: {volumeMode: Block}
                    - metadata: {name: data}
                      spec: {}
                ---
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: without-claims}
                spec: {replicas: 1, template: {spec: {containers: [{name: db}]}}}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: gone}
                spec: {}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}
                spec: {}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: made-by-a-hook, annotations: {helm.sh/hook: pre-install}}
                spec: {}
                """));

    assertEquals(
        List.of(new SetStorage("db", false, false, "Delete", "Retain", List.of("raw"))),
        plan.sets());
    assertEquals(
        List.of(new RenderedClaim("gone", false), new RenderedClaim("kept", true)),
        plan.rendered());
  }
}
