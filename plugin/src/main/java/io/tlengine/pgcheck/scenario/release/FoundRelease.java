package io.tlengine.pgcheck.scenario.release;

/**
 * A release that was found, or one StatefulSet that the user named, and whether it may be changed.
 *
 * @param state as far as it decides that
 * @param oneSet only a set was named, so nothing else of its release is touched
 */
public record FoundRelease(ReleaseDatabase database, ReleaseState state, boolean oneSet) {}
