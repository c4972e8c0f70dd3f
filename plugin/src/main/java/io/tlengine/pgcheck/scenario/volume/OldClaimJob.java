package io.tlengine.pgcheck.scenario.volume;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tlengine.pgcheck.scenario.job.HelperJob;
import java.time.Duration;
import java.util.Map;

/**
 * The Job whose one pod looks into an old claim.
 *
 * @param claim the claim's own name: it is mounted read-only
 */
record OldClaimJob(String name, String claim, ProbePod pod) {

  Job job(Duration deadline) {
    return new HelperJob(name, "claim-look")
        .of(pod.reading(claim, "old.sh", deadline), Map.of(), deadline);
  }
}
