package io.tlengine.pgcheck.scenario;

/**
 * A release that was found, and whether it may be changed.
 *
 * @param state as far as it decides that
 */
public record FoundRelease(ReleaseDatabase database, ReleaseState state) {}
