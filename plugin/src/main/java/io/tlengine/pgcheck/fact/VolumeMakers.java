package io.tlengine.pgcheck.fact;

import java.util.Set;

/**
 * The provisioners that have made a volume which still exists: annotation
 * pv.kubernetes.io/provisioned-by, or spec.csi.driver. Volumes are looked at only when a planned
 * claim's provisioner left no other trace.
 */
public record VolumeMakers(Set<String> provisioners) {

  public VolumeMakers {
    provisioners = Set.copyOf(provisioners);
  }
}
