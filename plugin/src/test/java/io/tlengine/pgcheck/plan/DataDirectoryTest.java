package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tlengine.pgcheck.plan.DataDirectory.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataDirectoryTest {

  private static Place place(VolumeMount mount, String path) {
    var container =
        new ContainerBuilder()
            .withName("postgres")
            .withImage("postgres:17")
            .addNewEnv()
            .withName("PGDATA")
            .withValue(path)
            .endEnv()
            .withVolumeMounts(mount)
            .build();
    var set =
        new Workload(
            "StatefulSet",
            "db",
            Optional.empty(),
            Optional.empty(),
            1,
            1,
            0,
            Map.of(),
            List.of("data"),
            new PodSpecBuilder().withContainers(container).build());
    return DataDirectory.of(set, container).orElseThrow().place();
  }

  private static VolumeMountBuilder mountedAt(String path) {
    return new VolumeMountBuilder().withName("data").withMountPath(path);
  }

  @ParameterizedTest
  @CsvSource({
    "/data,'',/data,''",
    "/data/,'',/data/pgdata,pgdata",
    "/data,'',/data//pgdata/,pgdata",
    "/var/lib/postgresql,'',/var/lib/postgresql/18/docker,18/docker",
    "/data,pg,/data,pg",
    "/data,/pg/,/data/17,pg/17"
  })
  void whereInTheVolumeItLiesIsTold(String mount, String subPath, String path, String inside) {
    assertEquals(
        new Place.OnClaim("data", Optional.of(inside)),
        place(mountedAt(mount).withSubPath(subPath.isEmpty() ? null : subPath).build(), path));
  }

  @Test
  void whatThePodDecidesIsNot() {
    assertEquals(
        new Place.OnClaim("data", Optional.empty()),
        place(mountedAt("/data").withSubPathExpr("$(POD_NAME)").build(), "/data"));
  }
}
