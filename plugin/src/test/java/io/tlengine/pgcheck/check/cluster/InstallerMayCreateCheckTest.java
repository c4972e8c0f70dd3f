package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.InstallerRights;
import io.tlengine.pgcheck.fact.InstallerRights.Answer;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstallerMayCreateCheckTest {

  private static Answer answer(String verb, String resource, boolean namespaced, boolean allowed) {
    return new Answer(
        verb,
        resource.equals("secrets") ? "" : "apps",
        resource,
        namespaced ? Optional.of("shop") : Optional.empty(),
        "Deployment/app",
        allowed,
        "");
  }

  private static Outcome judge(String user, Answer... answers) {
    return Situations.judge(
        new InstallerMayCreateCheck(),
        FactKey.INSTALLER_RIGHTS,
        new InstallerRights(user, Arrays.asList(answers)));
  }

  @Test
  void allRightsPass() {
    assertEquals(
        1, passed(judge("eve", answer("create", "deployments", true, true))).get("rights"));
  }

  @Test
  void everyMissingVerbIsNamedWithTheRoleThatGivesThem() {
    var finding =
        findings(
                judge(
                    "eve",
                    answer("create", "deployments", true, false),
                    answer("get", "deployments", true, true),
                    answer("patch", "deployments", true, false),
                    answer("list", "secrets", true, true)))
            .getFirst();

    assertEquals(
        "eve may not create, patch deployments.apps in shop, which Helm does for Deployment/app",
        finding.message());
    assertEquals(
        "kubectl create role helm-installer-deployments.apps -n shop --verb=create,patch"
            + " --resource=deployments.apps && kubectl create rolebinding"
            + " helm-installer-deployments.apps -n shop --role=helm-installer-deployments.apps"
            + " --user=eve",
        finding.remedy());
  }

  @Test
  void aServiceAccountAndAClusterWideRightGetTheirOwnKindOfBinding() {
    var finding =
        findings(judge("system:serviceaccount:ci:bot", answer("get", "things", false, false)))
            .getFirst();

    assertEquals(
        "kubectl create clusterrole helm-installer-things.apps --verb=get --resource=things.apps"
            + " && kubectl create clusterrolebinding helm-installer-things.apps"
            + " --clusterrole=helm-installer-things.apps --serviceaccount=ci:bot",
        finding.remedy());
  }

  @Test
  void eachResourceIsAFindingOfItsOwn() {
    assertEquals(
        2,
        findings(
                judge(
                    "",
                    answer("create", "deployments", true, false),
                    answer("list", "secrets", true, false)))
            .size());
  }
}
