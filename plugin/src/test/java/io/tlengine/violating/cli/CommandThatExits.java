package io.tlengine.violating.cli;

/** Breaks the rules on purpose: it ends the process and writes past the terminal. */
public final class CommandThatExits {

  private CommandThatExits() {}

  public static void end() {
    System.err.println("the end");
    System.exit(1);
  }
}
