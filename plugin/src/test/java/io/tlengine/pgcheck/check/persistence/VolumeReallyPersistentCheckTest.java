package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.DataPlaces;
import io.tlengine.pgcheck.fact.DataPlaces.Kind;
import io.tlengine.pgcheck.fact.DataPlaces.Mount;
import io.tlengine.pgcheck.fact.DataPlaces.Place;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VolumeReallyPersistentCheckTest {

  private static final Kind LASTING =
      new Kind.Claim("postgres-storage-postgres-0", Optional.empty());

  private static Place place(String what, Kind kind) {
    return new Place(
        "postgres-0", what, "/data/pgdata", Optional.of(new Mount("/data", "storage", kind)));
  }

  private static Place at(String path, Place place) {
    return new Place(place.pod(), place.what(), path, place.mount());
  }

  private static Outcome judge(Place... places) {
    return Namespaced.judge(
        new VolumeReallyPersistentCheck(),
        FactKey.DATA_PLACES,
        new DataPlaces("shop", "postgres", List.of(places)));
  }

  @Test
  void everythingOnALastingClaimPasses() {
    var evidence = passed(judge(place("data directory", LASTING), place("pg_wal", LASTING)));

    assertEquals(
        "/data/pgdata on the claim postgres-storage-postgres-0",
        evidence.get("postgres-0 data directory"));
  }

  static Stream<Arguments> whatEnds() {
    return Stream.of(
        Arguments.of(new Kind.EmptyDir(), "on an emptyDir (storage)"),
        Arguments.of(
            new Kind.Claim("postgres-0-storage", Optional.of("postgres-0")),
            "on the claim postgres-0-storage, which the pod postgres-0 owns and takes along"),
        Arguments.of(new Kind.MissingClaim("gone"), "on the claim gone, which does not exist"),
        Arguments.of(new Kind.HostPath("/srv"), "in a folder of the node (hostPath /srv)"));
  }

  @ParameterizedTest
  @MethodSource("whatEnds")
  void whatEndsWithThePodFails(Kind kind, String words) {
    var finding = onlyFinding(judge(place("data directory", kind), place("pg_wal", LASTING)));

    assertTrue(finding.message().startsWith("the data directory lies " + words), finding::message);
    assertTrue(finding.remedy().contains("volumeClaimTemplate"));
    assertEquals("/data/pgdata", finding.detail());
  }

  /** A claim is mounted, and the data directory lies beside its mount. */
  @Test
  void theContainersOwnLayerFails() {
    var finding =
        onlyFinding(
            judge(new Place("postgres-0", "data directory", "/var/lib/pg", Optional.empty())));

    assertTrue(finding.message().contains("in the container's own layer"));
  }

  @Test
  void walAndTablespacesCountByThemselves() {
    var outcome =
        judge(
            place("data directory", LASTING),
            place("pg_wal", new Kind.EmptyDir()),
            place("tablespace", new Kind.HostPath("/srv")));

    assertEquals(
        List.of(true, true),
        findings(outcome).stream().map(f -> f.remedy().startsWith("move it below")).toList());
  }

  /** Moving what is inside the data directory would not help. */
  @Test
  void whatLiesInADataDirectoryThatEndsIsNoFindingOfItsOwn() {
    var data = place("data directory", new Kind.EmptyDir());
    var inside = at("/data/pgdata/pg_wal", place("pg_wal", new Kind.EmptyDir()));
    var outcome = judge(data, inside);

    assertTrue(onlyFinding(outcome).message().startsWith("the data directory lies "));
    assertEquals(2, assertInstanceOf(Outcome.Failed.class, outcome).evidence().size());
    var beside = at("/data/pgdata-wal", place("pg_wal", new Kind.EmptyDir()));
    var mountedInside = at("/data/pgdata/pg_wal", place("pg_wal", new Kind.HostPath("/srv")));
    assertEquals(2, findings(judge(data, beside)).size());
    assertEquals(2, findings(judge(data, mountedInside)).size());
  }

  @Test
  void aVolumeOfAnotherTypeIsUnknownUnlessSomethingElseFails() {
    var nfs = place("data directory", new Kind.Other("nfs"));

    assertTrue(unknown(judge(nfs)).why().contains("volume of type nfs"));
    onlyFinding(judge(nfs, place("pg_wal", new Kind.EmptyDir())));
  }
}
