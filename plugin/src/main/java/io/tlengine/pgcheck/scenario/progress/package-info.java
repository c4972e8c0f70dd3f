/** What a scenario says while it runs, how it fails, and what comes to its end even so. */
@NullMarked
package io.tlengine.pgcheck.scenario.progress;

import org.jspecify.annotations.NullMarked;
