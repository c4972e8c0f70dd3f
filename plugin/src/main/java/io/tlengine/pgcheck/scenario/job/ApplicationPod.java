package io.tlengine.pgcheck.scenario.job;

import io.tlengine.pgcheck.plan.DatabaseClient;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.UrlRole;
import io.tlengine.pgcheck.plan.Workload;
import java.util.Comparator;
import java.util.Optional;

/** Which of a plan's pods the application runs in: what reaches the database from there counts. */
final class ApplicationPod {

  private ApplicationPod() {}

  /** What takes the application's URL and runs for ever; else what takes any; else a Deployment. */
  static Optional<Workload> of(Plan plan) {
    return DatabaseClient.of(plan).stream()
        .min(
            Comparator.<DatabaseClient, Boolean>comparing(c -> c.workload().endsByItself())
                .thenComparing(c -> c.urls().stream().noneMatch(u -> u.role() == UrlRole.RUNTIME)))
        .map(DatabaseClient::workload)
        .or(
            () ->
                plan.workloads().stream()
                    .filter(w -> w.kind().equals("Deployment") && w.hook().isEmpty())
                    .findFirst());
  }

  /** The pgcheck image that the chart itself names, for its helm test. */
  static Optional<String> image(Plan plan) {
    return plan.workloads().stream()
        .flatMap(w -> w.pod().getContainers().stream())
        .filter(c -> c.getName().equals(LookObjects.CONTAINER) && c.getImage() != null)
        .map(c -> c.getImage())
        .findFirst();
  }
}
