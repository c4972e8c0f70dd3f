package io.tlengine.pgcheck.scenario.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.scenario.server.LabRows.Usuario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabRowsTest {

  private static final Usuario JUAN = new Usuario("Juan Pérez", "juan@example.com");
  private static final Usuario MARIA = new Usuario("María García", "maria@example.com");
  private static final LabRows WRITTEN =
      new LabRows(List.of(JUAN, MARIA), Map.of("a", "1", "b", "2"));

  @Test
  void whatIsThereAsItWasWrittenIsKept() {
    var sets = WRITTEN.compare(new LabRows(List.of(MARIA, JUAN), Map.of("b", "2", "a", "1")));

    assertEquals(
        List.of(
            new RowSet("usuarios", 2, 2, List.of(), List.of(), List.of()),
            new RowSet("random rows", 2, 2, List.of(), List.of(), List.of())),
        sets);
    assertTrue(sets.stream().allMatch(RowSet::intact));
  }

  @Test
  void whatIsNotThereIsLost() {
    var sets = WRITTEN.compare(new LabRows(List.of(JUAN), Map.of()));

    assertEquals(List.of("maria@example.com"), sets.getFirst().lost());
    assertEquals(List.of("a", "b"), sets.getLast().lost().stream().sorted().toList());
    assertFalse(sets.getFirst().intact());
  }

  @Test
  void otherContentUnderTheSameKeyIsAlteredAndNotKept() {
    var found = new LabRows(List.of(JUAN, MARIA), Map.of("a", "1", "b", "9"));

    assertEquals(
        new RowSet("random rows", 2, 1, List.of(), List.of("b"), List.of()),
        WRITTEN.compare(found).getLast());
  }

  /** A database with another encoding gives back the same number of rows. */
  @Test
  void anAccentThatCameBackWrongIsAltered() {
    var found = new LabRows(List.of(new Usuario("Juan PÃ©rez", JUAN.email()), MARIA), Map.of());

    assertEquals(List.of("juan@example.com"), WRITTEN.compare(found).getFirst().altered());
  }

  @Test
  void whatNobodyWroteIsUnexpectedEvenWhenTheCountIsRight() {
    var found = new LabRows(List.of(JUAN, new Usuario("Eva", "eva@example.com")), Map.of());

    assertEquals(
        new RowSet(
            "usuarios", 2, 1, List.of("maria@example.com"), List.of(), List.of("eva@example.com")),
        WRITTEN.compare(found).getFirst());
  }

  @Test
  void theRowsAreTheLabsWithTheirAccentsAndAsManyRandomOnesAsWanted() {
    var rows = LabRows.make(5);

    assertEquals(
        List.of("Juan Pérez", "María García", "Carlos López"),
        rows.usuarios().stream().map(Usuario::nombre).toList());
    assertEquals(5, rows.randomRows().size());
    assertNotEquals(rows.randomRows(), LabRows.make(5).randomRows());
  }
}
