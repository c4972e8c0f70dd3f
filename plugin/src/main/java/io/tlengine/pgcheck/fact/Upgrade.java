package io.tlengine.pgcheck.fact;

/**
 * Whether the release is new. Not known where Helm may not read its own records.
 *
 * @param installed Helm knows the release, so this is an upgrade
 */
public record Upgrade(boolean installed) {}
