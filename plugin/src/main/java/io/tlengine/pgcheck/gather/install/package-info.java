/**
 * What the API server would say to the release's objects: rights, admission and dry runs. Nothing
 * is made.
 */
@NullMarked
package io.tlengine.pgcheck.gather.install;

import org.jspecify.annotations.NullMarked;
