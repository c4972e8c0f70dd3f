package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.PodDeletion;
import io.tlengine.pgcheck.scenario.Scenario;
import io.tlengine.pgcheck.scenario.Scenarios.Choice;
import io.tlengine.pgcheck.scenario.journal.Changes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private static final Facts NOTHING = new Facts(Instant.EPOCH, Map.of());

  /** It is never run here. */
  private record Deletion(boolean onlyWhenNamed) implements Scenario<PodDeletion> {
    @Override
    public FactKey<PodDeletion> brings() {
      return FactKey.POD_DELETION;
    }

    @Override
    public List<String> changes() {
      return List.of("delete the pod postgres-0");
    }

    @Override
    public PodDeletion run(Changes changes, Duration timeout) {
      throw new IllegalStateException("not to be run");
    }
  }

  private static Selection select(Choice choice, List<String> only, Map<String, String> ignored) {
    var options =
        new OutputOptions(List.of(), Severity.ERROR, only, ignored, Duration.ofMinutes(1));
    return Selection.of(options.choose(CheckCatalog.persistence()), List.of(choice), options);
  }

  private static Selection select(Choice choice, String... only) {
    return select(choice, List.of(only), Map.of());
  }

  private static String printed(Selection selection) {
    var text = new StringWriter();
    selection.print(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void whatSuitsIsRunAndListedWithWhatItChanges() {
    var selection = select(new Choice.Runs(new Deletion(false)));

    assertEquals(1, selection.scenarios().size());
    assertEquals(
        "  run      PGC-701  survives-pod-deletion\n           - delete the pod postgres-0\n",
        printed(selection));
  }

  @Test
  void whatIsRunOnlyWhenNamedIsRunOnlyWhenNamed() {
    var choice = new Choice.Runs(new Deletion(true));

    assertEquals(0, select(choice).scenarios().size());
    assertTrue(printed(select(choice)).startsWith("  if named PGC-701"));
    assertEquals(
        Fact.notApplicable("it is run only when it is named: --only PGC-701"),
        select(choice).without(NOTHING).fact(FactKey.POD_DELETION));
    assertEquals(1, select(choice, "PGC-701").scenarios().size());
  }

  @Test
  void whatTwoOfThemDoIsAgreedToOnce() {
    var twice = new Choice.Runs(new Deletion(false));
    var options =
        new OutputOptions(List.of(), Severity.ERROR, List.of(), Map.of(), Duration.ofMinutes(1));

    assertEquals(
        List.of("delete the pod postgres-0"),
        Selection.of(CheckCatalog.persistence(), List.of(twice, twice), options).changes());
  }

  @Test
  void anotherCodeThatIsNamedLeavesThisOneOut() {
    assertEquals(0, select(new Choice.Runs(new Deletion(false)), "PGC-708").scenarios().size());
  }

  @Test
  void anAcceptedFindingIsNotWorthADeletedPod() {
    var selection =
        select(
            new Choice.Runs(new Deletion(false)), List.of(), Map.of("PGC-701", "known, ticket 7"));

    assertEquals(0, selection.scenarios().size());
  }

  @Test
  void aRefusedOneIsUnknownAndSaysWhatToDo() {
    var selection =
        select(new Choice.Refused(new Deletion(false), "it is being rolled out", "wait"));

    assertEquals(0, selection.scenarios().size());
    assertEquals(
        Fact.unavailable("it is being rolled out", "wait"),
        selection.without(NOTHING).fact(FactKey.POD_DELETION));
    assertTrue(printed(selection).contains("it is being rolled out; wait"));
  }

  @Test
  void aRefusedOneThatIsNotNamedSaysNothingAboutTheRelease() {
    var refused = new Choice.Refused(new Deletion(true), "whenDeleted is Delete", "set Retain");

    assertEquals(
        Fact.notApplicable("it is run only when it is named: --only PGC-701"),
        select(refused).without(NOTHING).fact(FactKey.POD_DELETION));
    assertEquals(
        Fact.unavailable("whenDeleted is Delete", "set Retain"),
        select(refused, "PGC-701").without(NOTHING).fact(FactKey.POD_DELETION));
  }

  @Test
  void anUnsuitableOneIsSkippedAndSaysWhy() {
    var selection = select(new Choice.Unsuitable(FactKey.POD_DELETION, "not the release's"));

    assertEquals(
        Fact.notApplicable("not the release's"),
        selection.without(NOTHING).fact(FactKey.POD_DELETION));
    assertTrue(printed(selection).startsWith("  no       PGC-701"));
  }
}
