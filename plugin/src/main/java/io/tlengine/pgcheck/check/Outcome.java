package io.tlengine.pgcheck.check;

import io.tlengine.pgcheck.fact.Fact;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a check answers. "Could not look" is {@link Unknown}, never {@link Passed}. */
public sealed interface Outcome {

  /**
   * @param evidence what was seen, by name; texts, numbers, truth values and lists of them
   */
  record Passed(Map<String, Object> evidence) implements Outcome {}

  record Failed(List<Finding> findings, Map<String, Object> evidence) implements Outcome {
    public Failed {
      if (findings.isEmpty()) {
        throw new IllegalArgumentException("a failed check has a finding");
      }
      findings = List.copyOf(findings);
    }
  }

  /** It does not apply here, it follows from another fault, or the user does not ask for it. */
  record Skipped(String why) implements Outcome {

    /** By the user, who has a reason. */
    public static Skipped ignored(String reason) {
      return new Skipped("ignored: " + reason);
    }
  }

  /**
   * It could not be decided.
   *
   * @param remedy what would decide it
   */
  record Unknown(String why, String remedy) implements Outcome {}

  /** What follows from a fact that is not there; nothing from one that is known. */
  static Optional<Outcome> without(Fact<?> fact) {
    return switch (fact) {
      case Fact.Known<?> known -> Optional.empty();
      case Fact.NotApplicable<?> none -> Optional.of(new Skipped(none.reason()));
      case Fact.Unavailable<?> gap -> Optional.of(new Unknown(gap.reason(), gap.remedy()));
    };
  }

  /** Passed without findings, failed with them. */
  static Outcome of(List<Finding> findings, Map<String, Object> evidence) {
    return findings.isEmpty() ? new Passed(evidence) : new Failed(findings, evidence);
  }

  /** Evidence in the order given: name, value, name, value. */
  static Map<String, Object> evidence(Object... namesAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
