package io.tlengine.pgcheck.check;

import java.util.Optional;

/**
 * A check's answer in one run.
 *
 * @param bug what went wrong inside the check itself; such a run ends as an internal error
 */
public record CheckResult(
    CheckInfo info, Outcome outcome, Optional<Throwable> bug, long durationMillis) {}
