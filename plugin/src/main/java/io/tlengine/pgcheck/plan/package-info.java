/** What the rendered manifests of a release ask for: database, Secret, sets and claims. Pure. */
@NullMarked
package io.tlengine.pgcheck.plan;

import org.jspecify.annotations.NullMarked;
