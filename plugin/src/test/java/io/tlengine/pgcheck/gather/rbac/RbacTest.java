package io.tlengine.pgcheck.gather.rbac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.gather.PreflightGatherer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RbacTest {

  @Test
  void resourcesWithTheSameVerbsShareARuleAndScopesAreApart() {
    var yaml =
        Rbac.yaml(
            List.of(
                ApiRight.inNamespace("", "pods", "list"),
                ApiRight.inNamespace("", "persistentvolumeclaims", "list"),
                ApiRight.inNamespace("", "secrets", "list"),
                ApiRight.inNamespace("", "secrets", "get"),
                ApiRight.inNamespace("", "secrets", "get"),
                ApiRight.inCluster("storage.k8s.io", "storageclasses", "list")),
            "shop");

    assertEquals(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: pgcheck-preflight
          namespace: shop
        rules:
          - apiGroups: [""]
            resources: ["secrets"]
            verbs: ["get", "list"]
          - apiGroups: [""]
            resources: ["persistentvolumeclaims", "pods"]
            verbs: ["list"]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: pgcheck-preflight
        rules:
          - apiGroups: ["storage.k8s.io"]
            resources: ["storageclasses"]
            verbs: ["list"]
        ---
        """,
        yaml);
  }

  @Test
  void onlyTheRightsOfWantedFactsArePrinted() {
    assertTrue(
        PreflightGatherer.rbac(Set.of(FactKey.STORAGE_CLASSES), "shop").contains("storageclasses"));
    assertFalse(PreflightGatherer.rbac(Set.of(FactKey.SECRET), "shop").contains("storageclasses"));
  }

  @Test
  void aMissingRightNamesVerbAndResourceAndHowToGrantIt() {
    var scale = ApiRight.inNamespace("apps", "statefulsets/scale", "get");

    assertEquals("get statefulsets/scale in shop", scale.action("shop"));
    assertEquals(
        "kubectl create role pgcheck-get-statefulsets-scale -n shop --verb=get"
            + " --resource=statefulsets.apps/scale && kubectl create rolebinding"
            + " pgcheck-get-statefulsets-scale -n shop --role=pgcheck-get-statefulsets-scale"
            + " --user=jane; helm pgcheck preflight --print-rbac -n shop prints all of them",
        scale.grant("shop").to("jane"));
    assertEquals(
        "list storageclasses",
        ApiRight.inCluster("storage.k8s.io", "storageclasses", "list").action("shop"));
  }
}
