package io.tlengine.pgcheck.scenario.statefulset;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingPathTest {

  @Test
  void theLabsOnePodGoesToThreeAwayAndBack() {
    assertEquals(List.of(1, 3, 0, 3, 1), ScalingPath.independent(1));
  }

  @Test
  void severalPodsGoToOneFirst() {
    assertEquals(List.of(2, 1, 3, 0, 3, 2), ScalingPath.independent(2));
    assertEquals(List.of(3, 1, 3, 0, 3), ScalingPath.independent(3));
    assertEquals(List.of(5, 1, 5, 0, 5), ScalingPath.independent(5));
  }

  @Test
  void ofCopiesOneStays() {
    assertEquals(List.of(3, 1, 3), ScalingPath.copies(3));
  }
}
