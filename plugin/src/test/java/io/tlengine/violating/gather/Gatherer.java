package io.tlengine.violating.gather;

import io.tlengine.violating.fact.FactThatKnowsItsGatherer;
import java.util.Optional;

/** The other half of the cycle. */
public record Gatherer(Optional<FactThatKnowsItsGatherer> last) {}
