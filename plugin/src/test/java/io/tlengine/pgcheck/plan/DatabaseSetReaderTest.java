package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tlengine.pgcheck.plan.DatabaseSet.Source;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseSetReaderTest {

  @Test
  void ourChartsSetIsReadWithItsSecret() {
    assertEquals(
        Optional.of(
            new DatabaseSet(
                "tl-postgres",
                1,
                0,
                "postgres",
                5432,
                Optional.of(new Source.Literal("enginedb")),
                Optional.of(new Source.SecretKey("postgresql-secret", "username")),
                Optional.of(new Source.SecretKey("postgresql-secret", "password")),
                Optional.of("postgres-storage"))),
        DatabaseSetReader.read(Fixtures.set("our-statefulset")));
  }

  @Test
  void theLabsSetIsReadWithItsLiterals() {
    assertEquals(
        Optional.of(
            new DatabaseSet(
                "postgres",
                1,
                0,
                "postgres",
                5432,
                Optional.of(new Source.Literal("testdb")),
                Optional.of(new Source.Literal("admin")),
                Optional.of(new Source.Literal("postgres123")),
                Optional.of("postgres-storage"))),
        DatabaseSetReader.read(Fixtures.set("lab-official-image")));
  }

  /** Also: a named port that is not 5432, a container that is not the first, another ordinal. */
  @Test
  void anEmptyDirIsNoClaimTemplate() {
    var set = DatabaseSetReader.read(Fixtures.set("lab-empty-dir")).orElseThrow();

    assertEquals(
        new DatabaseSet(
            "postgres",
            2,
            5,
            "postgres",
            5433,
            Optional.of(new Source.ConfigMapKey("postgres-config", "database")),
            Optional.empty(),
            Optional.of(new Source.SecretKey("postgres-secret", "POSTGRES_PASSWORD")),
            Optional.empty()),
        set);
    assertEquals("postgres-6", set.podName(set.firstOrdinal() + 1));
  }

  @Test
  void aSetOnAnotherPortIsNoDatabase() {
    assertEquals(Optional.empty(), DatabaseSetReader.read(Fixtures.set("unrelated-chart")));
  }

  /** One that the user named needs no port; one that a plan finds by itself does. */
  @Test
  void aNamedSetIsKnownByItsImageToo() {
    var set = Fixtures.set("lab-official-image");
    var container = set.getSpec().getTemplate().getSpec().getContainers().getFirst();
    container.setPorts(List.of());

    assertEquals(Optional.empty(), DatabaseSetReader.read(set));
    assertEquals(5432, DatabaseSetReader.named(set).orElseThrow().port());

    container.setImage("app:1");
    container.setEnv(List.of());
    assertEquals(Optional.empty(), DatabaseSetReader.named(set));
  }

  /** A data directory beside the mount is not on the claim, however similar the paths are. */
  @Test
  void aMountThatOnlyBeginsLikeTheDataDirectoryDoesNotHoldIt() {
    var set = Fixtures.set("lab-official-image");
    set.getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .setVolumeMounts(
            List.of(
                new VolumeMountBuilder()
                    .withName("postgres-storage")
                    .withMountPath("/var/lib/postgresql/dat")
                    .build()));

    assertEquals(Optional.empty(), DatabaseSetReader.read(set).orElseThrow().dataClaimTemplate());
  }

  /** The innermost mount holds it: an emptyDir below the claim's mount hides the claim. */
  @Test
  void theInnermostMountCounts() {
    var set = Fixtures.set("lab-official-image");
    var container = set.getSpec().getTemplate().getSpec().getContainers().getFirst();
    var mounts = new java.util.ArrayList<>(container.getVolumeMounts());
    mounts.add(
        new VolumeMountBuilder()
            .withName("scratch")
            .withMountPath("/var/lib/postgresql/data/pgdata")
            .build());
    container.setVolumeMounts(mounts);

    assertEquals(Optional.empty(), DatabaseSetReader.read(set).orElseThrow().dataClaimTemplate());
  }

  @Test
  void replicasThatAreNotSetAreOne() {
    var set = Fixtures.set("lab-official-image");
    set.getSpec().setReplicas(null);

    assertEquals("postgres-0", DatabaseSetReader.read(set).orElseThrow().podName(0));
  }
}
