package io.tlengine.pgcheck.fact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FactsTest {

  private static final Facts NOTHING = new Facts(Instant.parse("2026-11-22T10:00:00Z"), Map.of());
  private static final Claims CLAIMS = new Claims(List.of());

  @Test
  void aFactThatNobodyGatheredCountsAsNotSeen() {
    assertEquals(
        Fact.unavailable("claims was not gathered", "run again"), NOTHING.fact(FactKey.CLAIMS));
  }

  @Test
  void aFactIsFoundUnderItsKeyAndTheEarlierFactsStayAsTheyWere() {
    var more = NOTHING.with(FactKey.CLAIMS, Fact.known(CLAIMS));

    assertEquals(Fact.known(CLAIMS), more.fact(FactKey.CLAIMS));
    assertEquals(Map.of(), NOTHING.byKey());
  }

  @Test
  void aViewGivesADeclaredFactAndTheTime() {
    var view = NOTHING.with(FactKey.CLAIMS, Fact.known(CLAIMS)).view(Set.of(FactKey.CLAIMS));

    assertSame(CLAIMS, view.get(FactKey.CLAIMS));
    assertEquals(NOTHING.observedAt(), view.observedAt());
  }

  @Test
  void aViewRefusesAFactThatWasNotDeclared() {
    var view = NOTHING.with(FactKey.CLAIMS, Fact.known(CLAIMS)).view(Set.of());

    assertEquals(
        "the check does not declare the fact claims",
        assertThrows(IllegalStateException.class, () -> view.get(FactKey.CLAIMS)).getMessage());
  }

  @Test
  void aViewRefusesAFactThatIsNotKnown() {
    var unseen =
        NOTHING
            .with(FactKey.CLAIMS, Fact.unavailable("forbidden", "grant"))
            .view(Set.of(FactKey.CLAIMS));
    var pointless =
        NOTHING.with(FactKey.CLAIMS, Fact.notApplicable("external")).view(Set.of(FactKey.CLAIMS));

    assertEquals(
        "claims is not known: forbidden",
        assertThrows(IllegalStateException.class, () -> unseen.get(FactKey.CLAIMS)).getMessage());
    assertEquals(
        "claims does not apply: external",
        assertThrows(IllegalStateException.class, () -> pointless.get(FactKey.CLAIMS))
            .getMessage());
  }
}
