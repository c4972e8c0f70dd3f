package io.tlengine.pgcheck.fact;

/**
 * Something that was looked at: either its value, or why it could not be seen. "Could not look" is
 * never an empty value.
 */
public sealed interface Fact<T> {

  /** The value that was seen. */
  record Known<T>(T value) implements Fact<T> {}

  /**
   * Nothing was seen.
   *
   * @param reason what stood in the way, in a few words
   * @param remedy what to do so that the next run can look: a right to grant, a command to run
   */
  record Unavailable<T>(String reason, String remedy) implements Fact<T> {}

  /**
   * Looking makes no sense in this situation, for example at the storage of an external database.
   */
  record NotApplicable<T>(String reason) implements Fact<T> {}

  static <T> Fact<T> known(T value) {
    return new Known<>(value);
  }

  static <T> Fact<T> unavailable(String reason, String remedy) {
    return new Unavailable<>(reason, remedy);
  }

  static <T> Fact<T> notApplicable(String reason) {
    return new NotApplicable<>(reason);
  }
}
