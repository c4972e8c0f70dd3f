package io.tlengine.pgcheck.report;

import static io.tlengine.pgcheck.check.Outcome.evidence;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvidenceTest {

  @Test
  void anEmptyListSaysThatThereIsNone() {
    assertEquals(
        "settings that hide damage: none; archive mode off",
        Evidence.text(evidence("settingsThatHideDamage", List.of(), "archiveMode", "off")));
    assertEquals("names: a, b", Evidence.text(evidence("names", List.of("a", "b"))));
  }

  @Test
  void aListOfSeveralThingsEachIsReadAloud() {
    assertEquals(
        "kills: (victim walwriter), (victim checkpointer)",
        Evidence.text(
            evidence(
                "kills",
                List.of(Map.of("victim", "walwriter"), Map.of("victim", "checkpointer")))));
  }

  @Test
  void aWordOfOneLetterAndARunOfCapitalsAreWords() {
    for (var name :
        Map.of(
                "settingsThatWaitForARestart", "settings that wait for a restart",
                "oldTLSVersion", "old tls version",
                "usesSSL", "uses ssl",
                "aURLInUse", "a url in use")
            .entrySet()) {
      assertEquals(name.getValue() + " x", Evidence.text(evidence(name.getKey(), "x")));
    }
  }

  @Test
  void anEmptyTextIsLeftOut() {
    assertEquals("host db", Evidence.text(evidence("host", "db", "endpoint", "")));
    assertEquals("pod (claims: none)", Evidence.text(evidence("pod", Map.of("claims", List.of()))));
  }

  @Test
  void aSummaryStandsForAll() {
    assertEquals("all kept", Evidence.text(evidence("summary", "all kept", "rows", 3)));
  }
}
