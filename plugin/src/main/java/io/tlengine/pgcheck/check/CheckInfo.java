package io.tlengine.pgcheck.check;

/**
 * A check's place in the catalogue.
 *
 * @param code PGC-NNN, fixed for ever
 * @param slug what is true when it passes, in words joined by hyphens
 * @param severity of its gravest finding
 * @param summary when it fails, in one line
 */
public record CheckInfo(String code, String slug, Severity severity, String summary) {}
