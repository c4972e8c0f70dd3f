package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTagTest {

  private static Optional<String> major(String image) {
    return ImageTag.of(image).flatMap(ImageTag::postgresMajor);
  }

  @ParameterizedTest
  @CsvSource({
    "postgres:17,17",
    "postgres:17.5,17",
    "postgres:15-alpine,15",
    "registry.example.com:5000/team/postgres:17.5-alpine3.20,17",
    "postgres:16@sha256:17aa,16",
    "pgvector/pgvector:pg17,17",
    "timescale/timescaledb:2.17.0-pg16,16",
  })
  void aTagNamesTheMajor(String image, String major) {
    assertEquals(Optional.of(major), major(image));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres",
        "postgres:latest",
        "postgres@sha256:17aa",
        "registry.example.com:17/postgres",
        "registry.example.com:5000/postgres@sha256:15aa",
        "team/postgres:2026-11-22",
        "team/postgres:20261122",
        "team/postgres:9.6",
        "team/postgres:v17",
        "citusdata/citus:13.0",
        ""
      })
  void whatIsNoMajorIsNotTakenForOne(String image) {
    assertEquals(Optional.empty(), major(image));
  }

  @Test
  void anotherMajorKeepsTheRest() {
    assertEquals("17-alpine", new ImageTag("postgres", "15.2-alpine").withMajor("17"));
    assertEquals("17", new ImageTag("postgres", "15").withMajor("17"));
    assertEquals("2.17.0-pg17", new ImageTag("timescaledb", "2.17.0-pg15").withMajor("17"));
  }
}
