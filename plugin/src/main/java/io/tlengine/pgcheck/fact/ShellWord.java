package io.tlengine.pgcheck.fact;

/** A word of a command, as a POSIX shell takes it. */
public final class ShellWord {

  private ShellWord() {}

  /** In quotation marks only where it needs them. */
  public static String quoted(String word) {
    return word.matches("[A-Za-z0-9@%+=:,./_-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
