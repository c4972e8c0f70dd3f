package io.tlengine.pgcheck.scenario;

import static io.tlengine.pgcheck.scenario.Scenario.Change.REPLACES_PODS;
import static io.tlengine.pgcheck.scenario.Scenario.Change.SCALES;
import static io.tlengine.pgcheck.scenario.Scenario.Change.UNINSTALLS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.scenario.Scenario.Change;
import io.tlengine.pgcheck.scenario.pod.StuckPod;
import io.tlengine.pgcheck.scenario.release.HelmReleases.HelmRelease;
import io.tlengine.pgcheck.scenario.release.ReleaseState;
import io.tlengine.pgcheck.scenario.release.ReleaseState.ArgoCd;
import io.tlengine.pgcheck.scenario.release.ReleaseState.SetState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {

  private static final SetState SOUND =
      new SetState(
          "postgres", 2, 2, false, false, Optional.empty(), Optional.empty(), "Retain", "Retain");

  /** A release in which everything is well, but for what a test changes. */
  private static final class Release {
    private Optional<HelmRelease> helm = Optional.of(new HelmRelease(3, "deployed"));
    private SetState set = SOUND;
    private List<String> renderedClaims = List.of();
    private Fact<List<String>> autoscaled = Fact.known(List.of());
    private ArgoCd argoCd = new ArgoCd.No();

    private ReleaseState state() {
      return new ReleaseState("tl", "shop", helm, List.of(set), renderedClaims, autoscaled, argoCd);
    }
  }

  private static Release release() {
    return new Release();
  }

  /** For which changes it is refused; each refusal says what to do. */
  private static List<Change> refused(Release release) {
    var refused = new ArrayList<Change>();
    for (var change : Change.values()) {
      Refusals.of(release.state(), change)
          .ifPresent(
              refusal -> {
                assertFalse(refusal.reason().isBlank());
                assertFalse(refusal.remedy().isBlank());
                refused.add(change);
              });
    }
    return refused;
  }

  private static final List<Change> ALL = List.of(REPLACES_PODS, SCALES, UNINSTALLS);

  @ParameterizedTest
  @EnumSource(Change.class)
  void aSoundReleaseMayBeChanged(Change change) {
    assertEquals(Optional.empty(), Refusals.of(release().state(), change));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pending-install", "pending-upgrade", "pending-rollback", "uninstalling"})
  void oneThatHelmWorksOnIsLeftAlone(String status) {
    var release = release();
    release.helm = Optional.of(new HelmRelease(4, status));

    assertEquals(ALL, refused(release));
    assertTrue(
        Refusals.of(release.state(), SCALES).orElseThrow().reason().contains(status), status);
  }

  @Test
  void oneWhoseLastUpgradeFailedIsNotUninstalledSinceThereIsNothingToComeBackTo() {
    var release = release();
    release.helm = Optional.of(new HelmRelease(4, "failed"));

    assertEquals(List.of(UNINSTALLS), refused(release));
  }

  @Test
  void anUnhealthySetIsLeftAlone() {
    var release = release();
    release.set =
        new SetState(
            "postgres", 2, 1, false, false, Optional.empty(), Optional.empty(), "Retain", "Retain");

    assertEquals(ALL, refused(release));
    assertEquals(
        "StatefulSet/postgres is not healthy: 1 of 2 pods are ready",
        Refusals.of(release.state(), REPLACES_PODS).orElseThrow().reason());
  }

  /** Its rollout would be waited for in vain. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPodThatDoesNotComeUpIsNamedWithWhatSaysWhy(boolean rolling) {
    var stuck = new StuckPod("postgres-1", "CrashLoopBackOff", Optional.of("postgres"), true);
    var release = release();
    release.set =
        new SetState(
            "postgres",
            2,
            1,
            rolling,
            false,
            Optional.empty(),
            Optional.of(stuck),
            "Retain",
            "Retain");

    var refusal = Refusals.of(release.state(), REPLACES_PODS).orElseThrow();
    assertEquals(
        "StatefulSet/postgres is "
            + (rolling ? "being rolled out" : "not healthy: 1 of 2 pods are ready")
            + ", and its pod postgres-1 does not come up: CrashLoopBackOff in its container"
            + " postgres",
        refusal.reason());
    assertEquals("kubectl logs postgres-1 -n shop -c postgres", refusal.remedy());
  }

  @Test
  void aSetThatIsRolledOutScaledToZeroOrDeletedIsLeftAlone() {
    var rolling = release();
    rolling.set =
        new SetState(
            "postgres", 2, 2, true, false, Optional.empty(), Optional.empty(), "Retain", "Retain");
    var none = release();
    none.set =
        new SetState(
            "postgres", 0, 0, false, false, Optional.empty(), Optional.empty(), "Retain", "Retain");
    var deleting = release();
    deleting.set =
        new SetState(
            "postgres", 2, 2, false, true, Optional.empty(), Optional.empty(), "Retain", "Retain");

    assertEquals(ALL, refused(rolling));
    assertEquals(ALL, refused(none));
    assertEquals(ALL, refused(deleting));
  }

  @Test
  void anOperatorsSetIsLeftAlone() {
    var release = release();
    release.set =
        new SetState(
            "postgres",
            2,
            2,
            false,
            false,
            Optional.of("Postgres/db"),
            Optional.empty(),
            "Retain",
            "Retain");

    assertEquals(ALL, refused(release));
  }

  @Test
  void scalingInIsRefusedWhereItDeletesClaims() {
    var release = release();
    release.set =
        new SetState(
            "postgres", 2, 2, false, false, Optional.empty(), Optional.empty(), "Retain", "Delete");

    assertEquals(List.of(SCALES), refused(release));
  }

  @Test
  void uninstallingIsRefusedWhereItDeletesClaims() {
    var retention = release();
    retention.set =
        new SetState(
            "postgres", 2, 2, false, false, Optional.empty(), Optional.empty(), "Delete", "Retain");
    var ordinary = release();
    ordinary.renderedClaims = List.of("data");

    assertEquals(List.of(UNINSTALLS), refused(retention));
    assertEquals(List.of(UNINSTALLS), refused(ordinary));
  }

  @Test
  void whatHelmDoesNotKnowIsNotUninstalled() {
    var release = release();
    release.helm = Optional.empty();

    assertEquals(List.of(UNINSTALLS), refused(release));
  }

  @Test
  void argoCdThatHealsUndoesScalingAndUninstallingAndNotAPodsDeletion() {
    var healing = release();
    healing.argoCd = new ArgoCd.SelfHealing("shop");
    var unknown = release();
    unknown.argoCd = new ArgoCd.Unknown("you may not read it", "grant it");
    var patient = release();
    patient.argoCd = new ArgoCd.Patient("shop");

    assertEquals(List.of(SCALES, UNINSTALLS), refused(healing));
    assertEquals(List.of(SCALES, UNINSTALLS), refused(unknown));
    assertEquals(List.of(), refused(patient));
    assertTrue(
        Refusals.of(healing.state(), SCALES).orElseThrow().remedy().contains("ignoreDifferences"));
  }

  @Test
  void anAutoscalerOrAnUnreadableOneIsNotScaledAgainst() {
    var scaled = release();
    scaled.autoscaled = Fact.known(List.of("postgres"));
    var unknown = release();
    unknown.autoscaled = Fact.unavailable("you may not list them", "grant it");

    assertEquals(List.of(SCALES), refused(scaled));
    assertEquals(List.of(SCALES), refused(unknown));
  }
}
