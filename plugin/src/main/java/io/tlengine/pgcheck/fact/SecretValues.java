package io.tlengine.pgcheck.fact;

import java.util.List;

/**
 * Properties of the values that the plan takes from Secrets: derived where the value is read, so
 * that the value itself goes nowhere.
 *
 * @param namespace where the Secrets are
 * @param disagreements keys that contradict each other
 */
public record SecretValues(
    String namespace, List<ValueFact> values, List<Disagreement> disagreements) {

  public SecretValues {
    values = List.copyOf(values);
    disagreements = List.copyOf(disagreements);
  }

  /**
   * One key's value.
   *
   * @param url it is a database URL: its form is PGC-110's, but for quotation marks
   * @param quoted it begins and ends with the same quotation mark
   * @param placeholder it is what a template or an example leaves for the user to replace
   * @param reserved it holds characters that mean something in a URL (RFC 3986, 3.2.1)
   */
  public record ValueFact(
      String secret,
      String key,
      boolean url,
      boolean empty,
      boolean lineBreak,
      boolean quoted,
      boolean placeholder,
      boolean reserved) {}

  /**
   * Two keys that cannot both be right.
   *
   * @param what in words, without the values: "the user in DATABASE_URL is not that of the key
   *     username"
   * @param remedy what to do about it
   * @param serious the application or the database cannot work with it; else it is only odd
   */
  public record Disagreement(String secret, String what, String remedy, boolean serious) {}
}
