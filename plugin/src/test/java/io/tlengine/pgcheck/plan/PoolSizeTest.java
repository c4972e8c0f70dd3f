package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolSizeTest {

  private static Optional<PoolSize> of(String... pairs) {
    return PoolSize.of(
        new ContainerBuilder()
            .withEnv(
                Arrays.stream(pairs)
                    .map(p -> new EnvVar(p.split("=")[0], p.split("=")[1], null))
                    .toList())
            .build());
  }

  @Test
  void aKnownVariableSaysIt() {
    assertEquals(Optional.of(new PoolSize(12, "POOL_MAX_SIZE")), of("A=1", "POOL_MAX_SIZE=12"));
    assertEquals(Optional.of(new PoolSize(7, "PGRST_DB_POOL")), of("PGRST_DB_POOL=7"));
  }

  @Test
  void processesAndOverflowsCount() {
    assertEquals(
        Optional.of(new PoolSize(15, "RAILS_MAX_THREADS")),
        of("RAILS_MAX_THREADS=5", "WEB_CONCURRENCY=3"));
    assertEquals(
        Optional.of(new PoolSize(15, "AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE")),
        of(
            "AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE=5",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_MAX_OVERFLOW=10"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POOL_MAX_SIZE=many", "POOL_MAX_SIZE=0", "POOL_MAX_SIZE=-5", "POOL=10"})
  void whatIsNoNumberOrNoKnownNameSaysNothing(String pair) {
    assertEquals(Optional.empty(), of(pair));
  }
}
