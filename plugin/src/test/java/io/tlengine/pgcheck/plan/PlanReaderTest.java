package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Plan.NeededSecret;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanReaderTest {

  private static Plan plan(String fixture) {
    return PlanReader.read(Fixtures.manifests(fixture));
  }

  private static List<String> claims(Plan plan) {
    return plan.claims().stream().map(PlannedClaim::name).toList();
  }

  @Test
  void ourChartWithAStatefulSetPlansItsClaimAndSecret() {
    var plan = plan("our-statefulset");

    assertEquals(DatabaseMode.STATEFULSET, plan.mode());
    assertEquals(
        List.of(
            new PlannedClaim(
                "tl-postgres",
                "postgres-storage-tl-postgres-0",
                Optional.empty(),
                "1Gi",
                List.of("ReadWriteOnce"))),
        plan.claims());
    assertEquals(
        List.of(new NeededSecret("postgresql-secret", List.of("password", "username"), false)),
        plan.secrets());
  }

  @Test
  void aSetOfStandbysIsNoDatabaseOfItsOwnButItsClaimsArePlanned() {
    var plan = plan("our-replicated");

    assertEquals(List.of("tl-postgres"), plan.sets().stream().map(DatabaseSet::name).toList());
    assertEquals(
        List.of("postgres-storage-tl-postgres-read-0", "postgres-storage-tl-postgres-0"),
        claims(plan));
  }

  @Test
  void ourChartWithAnExternalDatabasePlansItsUrl() {
    var plan = plan("our-external");

    assertEquals(DatabaseMode.EXTERNAL, plan.mode());
    assertEquals(
        Optional.of(
            new UrlSource(
                UrlRole.RUNTIME,
                "Deployment/tl-engine",
                "DATABASE_URL",
                "postgresql-secret",
                "DATABASE_URL")),
        plan.urlSource());
    assertEquals(List.of(), plan.claims());
    assertEquals(
        List.of(new NeededSecret("postgresql-secret", List.of("DATABASE_URL"), false)),
        plan.secrets());
  }

  @Test
  void theLabHasTheClaimNamesThatItsTextNames() {
    var plan = plan("lab-official-image");

    assertEquals(DatabaseMode.STATEFULSET, plan.mode());
    assertEquals(List.of("postgres-storage-postgres-0"), claims(plan));
    assertEquals(List.of(), plan.secrets());
  }

  @Test
  void aSetOnAnEmptyDirPlansNoClaimAndKnowsItsOwnSecret() {
    var plan = plan("lab-empty-dir");

    assertEquals(DatabaseMode.STATEFULSET, plan.mode());
    assertEquals(List.of(), plan.claims());
    assertEquals(
        List.of(new NeededSecret("postgres-secret", List.of("POSTGRES_PASSWORD"), true)),
        plan.secrets());
  }

  @Test
  void aChartWithoutPostgresHasClaimsAndSecretsAndNoDatabase() {
    var plan = plan("unrelated-chart");

    assertEquals(DatabaseMode.NONE, plan.mode());
    // A URL that is written out is in no Secret, and so none that could be read.
    assertEquals(Optional.empty(), plan.urlSource());
    assertEquals(
        List.of("data-redis-0", "data-redis-1", "log-redis-0", "log-redis-1"), claims(plan));
    assertEquals(Optional.of(""), plan.claims().getFirst().storageClass());
    assertEquals("", plan.claims().getLast().size());
    // Keys of init containers count, optional ones do not.
    assertEquals(
        List.of(new NeededSecret("cache-token", List.of("first", "token"), false)), plan.secrets());
  }

  @Test
  void nothingIsNoDatabase() {
    assertEquals(DatabaseMode.NONE, PlanReader.read(List.of()).mode());
  }
}
