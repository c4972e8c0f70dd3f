package io.tlengine.violating.gather.api;

import io.tlengine.violating.fact.FactThatKnowsItsGatherer;
import java.util.Optional;

/** The other half of the cycle, in a room of its package. */
public record Gatherer(Optional<FactThatKnowsItsGatherer> last) {}
