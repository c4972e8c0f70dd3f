package io.tlengine.pgcheck.check.connection;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.plan.UrlRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Judges a stage for every URL of the plan: the application's own, the direct one, the read one.
 */
final class EachUrl {

  static final Set<FactKey<?>> NEEDS = Set.of(FactKey.CONNECTION, FactKey.OTHER_DATABASES);

  static final Set<FactKey<?>> USES = Set.of(FactKey.FROM_HERE);

  private EachUrl() {}

  private record Judged(UrlRole role, Outcome outcome) {}

  /**
   * All findings together, each once; else the first unknown; else the answer of the application's
   * own URL, with the others' evidence behind it.
   */
  static Outcome judge(Facts.View facts, Function<ConnectionFacts, Outcome> stage) {
    var judged = new ArrayList<Judged>();
    judged.add(one(facts, UrlRole.RUNTIME, facts.get(FactKey.CONNECTION), stage));
    for (var other : facts.get(FactKey.OTHER_DATABASES).all()) {
      other.connection().ifPresent(c -> judged.add(one(facts, other.role(), c, stage)));
    }
    if (judged.size() == 1) {
      return judged.getFirst().outcome();
    }
    var findings = findings(judged);
    if (!findings.isEmpty()) {
      return new Outcome.Failed(findings, evidence(judged));
    }
    for (var one : judged) {
      if (one.outcome() instanceof Outcome.Unknown unknown) {
        return unknown;
      }
    }
    return judged.stream().anyMatch(j -> j.outcome() instanceof Outcome.Passed)
        ? new Outcome.Passed(evidence(judged))
        : judged.getFirst().outcome();
  }

  private static Judged one(
      Facts.View facts,
      UrlRole role,
      ConnectionFacts connection,
      Function<ConnectionFacts, Outcome> stage) {
    return new Judged(
        role,
        TwoViews.compare(
            one(connection, stage),
            connection,
            facts.find(FactKey.FROM_HERE).flatMap(h -> h.of(role)),
            stage));
  }

  /** What is wrong with a host that was passed over slows down or fails some connections. */
  private static Outcome one(ConnectionFacts connection, Function<ConnectionFacts, Outcome> stage) {
    var outcome = stage.apply(connection);
    var warnings =
        connection.passedOver().stream()
            .map(stage)
            .flatMap(o -> o instanceof Outcome.Failed f ? f.findings().stream() : Stream.of())
            .map(f -> Finding.warning(f.subject(), f.message(), f.detail(), f.remedy()))
            .toList();
    if (warnings.isEmpty()) {
      return outcome;
    }
    return switch (outcome) {
      case Outcome.Passed passed -> new Outcome.Failed(warnings, passed.evidence());
      case Outcome.Failed failed ->
          new Outcome.Failed(
              Stream.concat(failed.findings().stream(), warnings.stream()).toList(),
              failed.evidence());
      case Outcome.Skipped skipped -> skipped;
      case Outcome.Unknown unknown -> unknown;
    };
  }

  /** Two URLs of one server meet the same fault, which is said once. */
  private static List<Finding> findings(List<Judged> judged) {
    var byWords = new LinkedHashMap<String, Finding>();
    for (var one : judged) {
      if (one.outcome() instanceof Outcome.Failed failed) {
        failed.findings().forEach(f -> byWords.putIfAbsent(f.subject() + f.message(), f));
      }
    }
    return List.copyOf(byWords.values());
  }

  private static Map<String, Object> evidence(List<Judged> judged) {
    var all = new LinkedHashMap<String, Object>();
    for (var one : judged) {
      var own =
          switch (one.outcome()) {
            case Outcome.Passed passed -> passed.evidence();
            case Outcome.Failed failed -> failed.evidence();
            case Outcome.Skipped skipped -> Map.<String, Object>of();
            case Outcome.Unknown unknown -> Map.<String, Object>of();
          };
      own.forEach((name, value) -> all.put(named(one.role(), name), value));
    }
    return all;
  }

  /** loginMillis of the direct URL is directLoginMillis. */
  private static String named(UrlRole role, String name) {
    return role == UrlRole.RUNTIME
        ? name
        : role.text() + Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
