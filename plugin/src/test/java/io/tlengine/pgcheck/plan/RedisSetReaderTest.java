package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSetReaderTest {

  private static StatefulSet set(String image, int port, String... command) {
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withName("cache")
        .endMetadata()
        .withNewSpec()
        .withReplicas(3)
        .addNewVolumeClaimTemplate()
        .withNewMetadata()
        .withName("storage")
        .endMetadata()
        .endVolumeClaimTemplate()
        .withNewTemplate()
        .withNewSpec()
        .addNewContainer()
        .withName("main")
        .withImage(image)
        .withCommand(command)
        .addNewPort()
        .withContainerPort(port)
        .endPort()
        .addNewVolumeMount()
        .withName("storage")
        .withMountPath("/data")
        .endVolumeMount()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  @Test
  void theCommandTellsRedisWhateverTheImageIsCalled() {
    assertEquals(
        Optional.of(
            new DatabaseSet(
                "cache",
                3,
                0,
                "main",
                6379,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("storage"))),
        RedisSetReader.read(set("mirror/database:1", 6379, "redis-server", "--dir", "/data/aof")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"redis", "redis:7", "docker.io/library/redis:7-alpine", "h:5000/a/redis@sha256:1"})
  void soDoesTheImage(String image) {
    assertTrue(RedisSetReader.read(set(image, 6379)).isPresent());
  }

  @Test
  void keysThatLieBesideTheClaimHaveNone() {
    var elsewhere = set("redis:7", 6379, "redis-server", "--dir", "/tmp");

    assertEquals(
        Optional.empty(), RedisSetReader.read(elsewhere).orElseThrow().dataClaimTemplate());
  }

  @Test
  void whatOnlySoundsLikeItIsNone() {
    assertEquals(Optional.empty(), RedisSetReader.read(set("redis-exporter:1", 9121)));
    assertEquals(Optional.empty(), RedisSetReader.read(set("app-for-redis:1", 6379)));
    assertEquals(Optional.empty(), RedisSetReader.read(set("postgres:17", 5432)));
  }
}
