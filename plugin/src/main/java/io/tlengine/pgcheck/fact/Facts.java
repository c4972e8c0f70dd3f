package io.tlengine.pgcheck.fact;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All facts of one run, by key.
 *
 * @param observedAt when the run looked; checks take "now" from here, never from a clock
 */
public record Facts(Instant observedAt, Map<FactKey<?>, Fact<?>> byKey) {

  public Facts {
    byKey = Map.copyOf(byKey);
  }

  /** The fact of this key; a fact that nobody gathered counts as not seen. */
  @SuppressWarnings("unchecked") // with() stores each fact under the key of its own type
  public <T> Fact<T> fact(FactKey<T> key) {
    var fact = (Fact<T>) byKey.get(key);
    return fact != null ? fact : Fact.unavailable(key.name() + " was not gathered", "run again");
  }

  public <T> Facts with(FactKey<T> key, Fact<T> fact) {
    var all = new LinkedHashMap<>(byKey);
    all.put(key, fact);
    return new Facts(observedAt, all);
  }

  /** These and the others; of two with one key the other's. */
  public Facts withAll(Facts others) {
    var all = new LinkedHashMap<>(byKey);
    all.putAll(others.byKey());
    return new Facts(observedAt, all);
  }

  /** These facts, limited to what a check declared that it needs. */
  public View view(Set<FactKey<?>> declared) {
    return new View(this, declared);
  }

  /** A check's window on the facts: touching an undeclared one is a bug of the check. */
  public static final class View {
    private final Facts facts;
    private final Set<FactKey<?>> declared;

    private View(Facts facts, Set<FactKey<?>> declared) {
      this.facts = facts;
      this.declared = declared;
    }

    public Instant observedAt() {
      return facts.observedAt();
    }

    /** A declared fact, known or not. */
    public <T> Fact<T> fact(FactKey<T> key) {
      if (!declared.contains(key)) {
        throw new IllegalStateException("the check does not declare the fact " + key.name());
      }
      return facts.fact(key);
    }

    /** The value of a declared fact, where it is known. */
    public <T> Optional<T> find(FactKey<T> key) {
      return fact(key) instanceof Fact.Known<T> known
          ? Optional.of(known.value())
          : Optional.empty();
    }

    /** The value of a declared fact; the runner has made sure that it is known. */
    public <T> T get(FactKey<T> key) {
      return switch (fact(key)) {
        case Fact.Known<T> known -> known.value();
        case Fact.Unavailable<T> missing ->
            throw new IllegalStateException(key.name() + " is not known: " + missing.reason());
        case Fact.NotApplicable<T> none ->
            throw new IllegalStateException(key.name() + " does not apply: " + none.reason());
      };
    }
  }
}
