/** helm pgcheck: arguments, plan, facts, checks, report, each in a package of its own. */
@NullMarked
package io.tlengine.pgcheck;

import org.jspecify.annotations.NullMarked;
