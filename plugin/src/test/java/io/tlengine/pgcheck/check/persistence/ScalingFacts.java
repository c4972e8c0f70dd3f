package io.tlengine.pgcheck.check.persistence;

import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.fact.Scaling;
import io.tlengine.pgcheck.fact.Scaling.Move;
import io.tlengine.pgcheck.fact.Scaling.PodEvent;
import io.tlengine.pgcheck.fact.Scaling.PodEvent.Kind;
import io.tlengine.pgcheck.fact.Scaling.Replication;
import io.tlengine.pgcheck.fact.Scaling.ReturnedPod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A scaling in which everything is well, but for what a test changes. */
final class ScalingFacts {

  private boolean independent = true;
  private boolean ordered = true;
  private List<ReturnedPod> pods = List.of(pod(0), pod(1), pod(2));
  private List<Move> moves =
      List.of(
          new Move(1, 3, events("1 MADE", "1 READY", "2 MADE", "2 READY"), true),
          new Move(
              3,
              0,
              events("2 ENDING", "2 GONE", "1 ENDING", "1 GONE", "0 ENDING", "0 GONE"),
              true));
  private Optional<Replication> replication = Optional.empty();
  private Optional<String> trouble = Optional.empty();

  private ScalingFacts() {}

  static ScalingFacts sound() {
    return new ScalingFacts();
  }

  Scaling facts() {
    return new Scaling(
        "shop",
        "postgres",
        independent,
        ordered,
        List.of(1, 3, 0, 3, 1),
        pods,
        moves,
        replication,
        trouble);
  }

  ScalingFacts copies() {
    independent = false;
    return this;
  }

  ScalingFacts parallel() {
    ordered = false;
    return this;
  }

  ScalingFacts pods(ReturnedPod... value) {
    pods = List.of(value);
    return this;
  }

  ScalingFacts moves(Move... value) {
    moves = List.of(value);
    return this;
  }

  ScalingFacts replication(List<String> before, List<String> lost) {
    replication = Optional.of(new Replication(before, lost, "", ""));
    return this;
  }

  ScalingFacts synchronousStandbys(String before, String after) {
    replication = Optional.of(new Replication(List.of(), List.of(), before, after));
    return this;
  }

  ScalingFacts trouble(String value) {
    trouble = Optional.of(value);
    return this;
  }

  static List<PodEvent> events(String... words) {
    var events = new ArrayList<PodEvent>();
    for (var word : words) {
      var parts = Arrays.asList(word.split(" ", -1));
      events.add(new PodEvent(Integer.parseInt(parts.getFirst()), Kind.valueOf(parts.getLast())));
    }
    return events;
  }

  static ReturnedPod pod(int ordinal) {
    return pod(ordinal, kept());
  }

  static ReturnedPod pod(int ordinal, RowSet rows) {
    return new ReturnedPod(
        "postgres-" + ordinal,
        instance(ordinal, "old", "claim-" + ordinal, "7" + ordinal),
        Optional.of("claim-" + ordinal),
        instance(ordinal, "new", "claim-" + ordinal, "7" + ordinal),
        List.of(rows));
  }

  static Instance instance(int ordinal, String pod, String claimUid, String system) {
    return new Instance(
        pod + "-" + ordinal,
        "node-1",
        Optional.of("data-postgres-" + ordinal),
        Optional.of(claimUid),
        Optional.of("pv-of-" + claimUid),
        Optional.of(system));
  }

  static RowSet kept() {
    return new RowSet("usuarios", 3, 3, List.of(), List.of(), List.of());
  }

  static RowSet lost() {
    return new RowSet("usuarios", 3, 0, List.of("a", "b", "c"), List.of(), List.of());
  }
}
