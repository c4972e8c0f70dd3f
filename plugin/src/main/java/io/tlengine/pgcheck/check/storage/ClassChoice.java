package io.tlengine.pgcheck.check.storage;

import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/** Names a class that would do, as a values key that can be pasted. */
final class ClassChoice {

  private static final String KEY = "--set-string database.statefulset.storage.className=";

  private ClassChoice() {}

  /** The default class, if it is suited, else the first by name that is. */
  static Optional<String> of(StorageClasses classes, Predicate<StorageClassFact> suited) {
    return classes.items().stream()
        .filter(suited)
        .min(
            Comparator.comparing((StorageClassFact c) -> !c.isDefault())
                .thenComparing(StorageClassFact::name))
        .map(c -> key(c.name()));
  }

  static String key(String name) {
    return KEY + name;
  }
}
