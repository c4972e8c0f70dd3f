package io.tlengine.violating.fact;

import io.tlengine.violating.gather.api.Gatherer;

/** Breaks the rules on purpose: a fact depends on what gathers it, and so there is a cycle. */
public record FactThatKnowsItsGatherer(Gatherer gatherer) {}
