package io.tlengine.violating.report;

import io.tlengine.violating.gather.api.Gatherer;

/** Breaks the rules on purpose: a report shows what was found and looks at nothing. */
public record ReportThatGathers(Gatherer gatherer) {}
