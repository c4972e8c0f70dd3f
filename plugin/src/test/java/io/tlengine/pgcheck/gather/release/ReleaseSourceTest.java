package io.tlengine.pgcheck.gather.release;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseSourceTest {

  /** As helm history -o json prints it, with the fields that are read. */
  @ParameterizedTest
  @CsvSource({
    "deployed failed pending-upgrade, 1",
    "superseded deployed pending-upgrade, 2",
    "superseded superseded deployed failed failed pending-rollback, 3",
    "superseded superseded failed pending-upgrade, 2",
    "failed pending-upgrade, 1",
    "failed failed pending-upgrade, 2",
    "pending-install, 0"
  })
  void theRevisionToComeBackToIsOneThatWasDeployedOrElseTheLastThatEnded(
      String statuses, int revision) throws Exception {
    var history = new ObjectMapper().createArrayNode();
    for (var status : statuses.split(" ", -1)) {
      history.addObject().put("revision", history.size()).put("status", status);
    }

    assertEquals(revision, ReleaseSource.backTo(history));
  }
}
