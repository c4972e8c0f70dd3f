/** Rights to the Kubernetes API, and the Roles that give them. Pure. */
@NullMarked
package io.tlengine.pgcheck.gather.rbac;

import org.jspecify.annotations.NullMarked;
