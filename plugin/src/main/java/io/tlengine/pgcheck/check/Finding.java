package io.tlengine.pgcheck.check;

/**
 * One thing that is wrong.
 *
 * @param subject the object, as Kind/name or host:port
 * @param message what is wrong, with the value seen and the value wanted
 * @param detail what the server, Helm or the API said, or an empty text
 * @param remedy what to do, so that it can be pasted: never blank
 */
public record Finding(
    Severity severity, String subject, String message, String detail, String remedy) {

  public Finding {
    if (message.isBlank() || remedy.isBlank()) {
      throw new IllegalArgumentException("a finding says what is wrong and what to do");
    }
  }

  public static Finding error(String subject, String message, String detail, String remedy) {
    return new Finding(Severity.ERROR, subject, message, detail, remedy);
  }

  public static Finding warning(String subject, String message, String detail, String remedy) {
    return new Finding(Severity.WARNING, subject, message, detail, remedy);
  }
}
