package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.plan.StoragePlan.RenderedClaim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataOutlivesReleaseCheckTest {

  private final StorageSituation situation = new StorageSituation();

  private Outcome judge() {
    return situation.judge(new DataOutlivesReleaseCheck());
  }

  /** A pod with a generic ephemeral volume there. */
  private static PodSpec ephemeral(String mount, String dataDirectory) {
    var container = StorageSituation.container();
    if (dataDirectory != null) {
      container.addNewEnv().withName("PGDATA").withValue(dataDirectory).endEnv();
    }
    return new PodSpecBuilder()
        .withContainers(
            container
                .addNewVolumeMount()
                .withName("data")
                .withMountPath(mount)
                .endVolumeMount()
                .build())
        .withVolumes(
            new VolumeBuilder()
                .withName("data")
                .withNewEphemeral()
                .withNewVolumeClaimTemplate()
                .endVolumeClaimTemplate()
                .endEphemeral()
                .build())
        .build();
  }

  @Test
  void retainPasses() {
    passed(judge());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Delete | Retain | helm uninstall deletes the claims | whenDeleted=Retain",
        "Retain | Delete | a scale-in deletes the claims | whenScaled=Retain",
        "Delete | Delete | helm uninstall deletes the claims | whenDeleted=Retain --set"
            + " database.statefulset.retention.whenScaled=Retain",
      })
  void deleteIsWarnedOf(String whenDeleted, String whenScaled, String message, String remedy) {
    situation.set = StorageSituation.set(false, true, whenDeleted, whenScaled);

    var finding = onlyFinding(judge());

    assertTrue(finding.message().contains(message), finding.message());
    assertEquals("--set database.statefulset.retention." + remedy, finding.remedy());
  }

  @Test
  void standbysHoldCopiesAndMayBeDeleted() {
    situation.set = StorageSituation.set(true, true, "Delete", "Delete");

    passed(judge());
  }

  @Test
  void aRenderedClaimIsDeletedUnlessItIsKept() {
    situation.rendered.add(new RenderedClaim("backups", true));
    passed(judge());

    situation.rendered.add(new RenderedClaim("data", false));
    assertEquals("PersistentVolumeClaim/data", onlyFinding(judge()).subject());
  }

  @ParameterizedTest
  @CsvSource({
    "/var/lib/postgresql/data, ",
    "/var/lib/postgresql, ",
    "/data, /data/pg",
    "/data/, /data",
  })
  void anEphemeralVolumeUnderTheDataDirectoryIsWarnedOf(String mount, String dataDirectory) {
    situation.pod = ephemeral(mount, dataDirectory);

    Finding finding = onlyFinding(judge());

    assertTrue(finding.message().contains("generic ephemeral volume data"), finding.message());
  }

  @ParameterizedTest
  @CsvSource({"/scratch, ", "/data2, /data/pg"})
  void anEphemeralVolumeForSomethingElsePasses(String mount, String dataDirectory) {
    situation.pod = ephemeral(mount, dataDirectory);

    passed(judge());
  }

  @Test
  void withoutAnyClaimItIsSkipped() {
    situation.planned.clear();

    assertSkipped("the release makes no claims", judge());
  }
}
