package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Scaling;
import io.tlengine.pgcheck.fact.Scaling.Move;
import io.tlengine.pgcheck.fact.Scaling.PodEvent;
import io.tlengine.pgcheck.fact.Scaling.PodEvent.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Pods of an ordered set start from the lowest ordinal, each after the one before is ready, and
 * stop from the highest, each after the one after it is gone (Kubernetes, StatefulSet, deployment
 * and scaling guarantees). Judged by the order of the API server's watch.
 */
public final class OrderKeptCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-705",
        "order-kept",
        Severity.ERROR,
        "a pod started before the one before it was ready, or stopped before the one after it");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.SCALING);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.SCALING);
    if (!seen.ordered()) {
      return new Outcome.Skipped(
          "podManagementPolicy of " + seen.set() + " is Parallel: no order is promised");
    }
    if (seen.trouble().isPresent()) {
      return Scalings.unfinished(seen);
    }
    var moves = seen.moves().stream().filter(m -> Math.abs(m.to() - m.from()) > 1).toList();
    if (moves.isEmpty()) {
      return new Outcome.Skipped(
          "one pod at a time was scaled along "
              + Scalings.path(seen)
              + ": there is no order to see");
    }
    var findings = new ArrayList<Finding>();
    for (var move : moves) {
      var gap = gap(move);
      if (!gap.isEmpty()) {
        return new Outcome.Unknown(
            "from " + move.from() + " to " + move.to() + ": " + gap, "run again");
      }
      findings.addAll(violations(seen, move));
    }
    return Outcome.of(findings, proof(moves));
  }

  /** What makes the events of a move say nothing about its order; empty: nothing does. */
  private static String gap(Move move) {
    if (!move.complete()) {
      return "the watch on the pods was interrupted";
    }
    boolean out = move.to() > move.from();
    var wanted = out ? List.of(Kind.MADE, Kind.READY) : List.of(Kind.ENDING, Kind.GONE);
    var other = out ? List.of(Kind.ENDING, Kind.GONE) : List.of(Kind.MADE);
    int low = Math.min(move.from(), move.to());
    for (var event : move.events()) {
      if (other.contains(event.kind()) || (event.kind() != Kind.READY && event.ordinal() < low)) {
        return "the pod with ordinal "
            + event.ordinal()
            + " was "
            + word(event.kind())
            + " by something else than this scaling";
      }
    }
    for (int ordinal = low; ordinal < Math.max(move.from(), move.to()); ordinal++) {
      for (var kind : wanted) {
        if (!move.events().contains(new PodEvent(ordinal, kind))) {
          return "the pod with ordinal " + ordinal + " was not seen to be " + word(kind);
        }
      }
    }
    return "";
  }

  private static List<Finding> violations(Scaling seen, Move move) {
    var findings = new ArrayList<Finding>();
    boolean out = move.to() > move.from();
    int low = Math.min(move.from(), move.to());
    for (int higher = low + 1; higher < Math.max(move.from(), move.to()); higher++) {
      int lower = higher - 1;
      var earlier = out ? new PodEvent(lower, Kind.READY) : new PodEvent(higher, Kind.GONE);
      var later = out ? new PodEvent(higher, Kind.MADE) : new PodEvent(lower, Kind.ENDING);
      if (move.events().indexOf(later) < move.events().indexOf(earlier)) {
        findings.add(
            Finding.error(
                "StatefulSet/" + seen.set(),
                "from "
                    + move.from()
                    + " to "
                    + move.to()
                    + ": "
                    + seen.set()
                    + "-"
                    + later.ordinal()
                    + " was "
                    + word(later.kind())
                    + " before "
                    + seen.set()
                    + "-"
                    + earlier.ordinal()
                    + " was "
                    + word(earlier.kind()),
                "watched: " + String.join(", ", sequence(move)),
                "look for what makes or deletes pods of the set besides its controller: kubectl get"
                    + " events -n "
                    + seen.namespace()
                    + " --field-selector involvedObject.kind=Pod"));
      }
    }
    return findings;
  }

  private static Map<String, Object> proof(List<Move> moves) {
    var sequences = new LinkedHashMap<String, Object>();
    for (var move : moves) {
      sequences.put(move.from() + " -> " + move.to(), sequence(move));
    }
    return evidence(
        "summary",
        "pods started from the lowest ordinal, each after the one before was ready, and stopped from"
            + " the highest, each after the one after it was gone: by watch order in "
            + String.join(" and ", sequences.keySet()),
        "watched",
        sequences);
  }

  private static List<String> sequence(Move move) {
    return move.events().stream().map(e -> e.ordinal() + " " + word(e.kind())).toList();
  }

  private static String word(Kind kind) {
    return switch (kind) {
      case ENDING -> "told to end";
      case MADE, READY, GONE -> kind.name().toLowerCase(Locale.ROOT);
    };
  }
}
