package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import io.tlengine.pgcheck.plan.UrlRole;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase.Topology;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitSuspendTest {

  private static final ReleaseDatabase EXTERNAL =
      new ReleaseDatabase.External(
          "engine",
          new UrlSource(UrlRole.RUNTIME, "Deployment/engine", "DATABASE_URL", "outside", "url"));

  private static final ReleaseDatabase OWN =
      new ReleaseDatabase.Redis(
          new DatabaseSet(
              "cache",
              3,
              0,
              "redis",
              6379,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.of("data")),
          Topology.INDEPENDENT);

  private static void refuse(ReleaseDatabase database, List<Check> checks) {
    PersistenceCommand.refuseWaitSuspend(database, checks, "release tl");
  }

  private static List<Check> only(String code) {
    return CheckCatalog.persistence().stream().filter(c -> c.info().code().equals(code)).toList();
  }

  @Test
  void nobodySuspendsADatabaseOfTheClusterItself() {
    var refusal = assertThrows(UsageException.class, () -> refuse(OWN, CheckCatalog.persistence()));

    assertEquals(
        "--wait-suspend is for an external database, which its provider suspends; the release tl"
            + " runs its own (StatefulSet/cache), so leave it out",
        refusal.getMessage());
  }

  @Test
  void withoutTheCodeThatWaitsItHasNoEffect() {
    var refusal = assertThrows(UsageException.class, () -> refuse(EXTERNAL, only("PGC-701")));

    assertEquals(
        "--wait-suspend is for PGC-708, which --only leaves out; name it there, or leave it out",
        refusal.getMessage());
  }

  @Test
  void anExternalDatabaseMayBeWaitedFor() {
    assertDoesNotThrow(() -> refuse(EXTERNAL, CheckCatalog.persistence()));
    assertDoesNotThrow(() -> refuse(EXTERNAL, only("PGC-708")));
  }
}
