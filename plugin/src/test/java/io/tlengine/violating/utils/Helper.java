package io.tlengine.violating.utils;

/** Breaks the rules on purpose: the design knows no such package. */
public final class Helper {

  private Helper() {}
}
