package io.tlengine.pgcheck.scenario.volume;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.ClaimUsers;
import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.LiveSets;
import io.tlengine.pgcheck.fact.OldClaim;
import io.tlengine.pgcheck.fact.OldData;
import io.tlengine.pgcheck.fact.OldData.Look;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.storage.StorageGatherer;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import io.tlengine.pgcheck.scenario.job.HelperJob;
import io.tlengine.pgcheck.scenario.job.LookJob;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * PGC-207: looks into the claims that the release would take over, for the major version of the
 * data in them. A claim that a pod mounts is left alone, and nothing is ever written to one. The
 * Job that makes the pod is deleted whatever happens, and ends by itself when nobody is left to do
 * so.
 */
public final class OldClaimLook {

  /** How long the Job outlives the time that we wait for it. */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private static final Duration SHORTEST = Duration.ofSeconds(10);

  private final Cluster cluster;
  private final String namespace;
  private final Progress progress;
  private final Duration given;

  /**
   * @param given the user's --timeout, for what did not end in it
   */
  public OldClaimLook(Cluster cluster, String namespace, Progress progress, Duration given) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.progress = progress;
    this.given = given;
  }

  /**
   * @param facts what exists; without it there is nothing to look into
   * @param timeout for all of it, the cleaning up included
   * @throws InterruptedException when the program was told to end; what was made is gone then
   */
  public Fact<OldData> observe(Facts facts, Duration timeout) throws InterruptedException {
    if (!(facts.fact(FactKey.PLAN) instanceof Fact.Known<Plan> plan
        && facts.fact(FactKey.CLAIMS) instanceof Fact.Known<Claims> claims
        && facts.fact(FactKey.LIVE_SETS) instanceof Fact.Known<LiveSets> live)) {
      return Fact.notApplicable("which claims exist already is not known");
    }
    var deadline = Instant.now().plus(timeout);
    var looks = new ArrayList<OldData.OnClaim>();
    for (var old : adopted(plan.value(), claims.value(), live.value())) {
      looks.add(new OldData.OnClaim(old.name(), look(plan.value(), old, deadline)));
    }
    return Fact.known(new OldData(looks));
  }

  private static List<PlannedClaim> adopted(Plan plan, Claims claims, LiveSets live) {
    return OldClaim.of(plan.claims(), claims, live).stream()
        .filter(o -> o.state() == OldClaim.State.ADOPTED)
        .map(o -> o.planned())
        .filter(c -> forData(plan, c))
        .toList();
  }

  /** Not of a set without PostgreSQL, and not beside the data. */
  private static boolean forData(Plan plan, PlannedClaim claim) {
    return plan.sets().stream()
        .filter(s -> s.name().equals(claim.set()))
        .anyMatch(
            s ->
                s.dataClaimTemplate()
                    .filter(t -> !claim.name().startsWith(t + "-" + s.name() + "-"))
                    .isEmpty());
  }

  private Look look(Plan plan, PlannedClaim claim, Instant deadline) throws InterruptedException {
    var users = users(claim);
    if (users.isPresent()) {
      return new Look.Unseen(users.get());
    }
    var pod = ProbePod.of(plan, claim.set());
    if (pod.isEmpty()) {
      return new Look.Unseen("no pod of the plan uses the claim");
    }
    var time = Duration.between(Instant.now(), deadline).minus(LookJob.CLEAN_UP);
    if (time.compareTo(SHORTEST) < 0) {
      return new Look.Unseen("no time was left to look; --timeout 5m gives more");
    }
    try {
      return run(
          new OldClaimJob(HelperJob.newName("pgcheck-claim"), claim.name(), pod.get()), time);
    } catch (ScenarioException e) {
      return new Look.Unseen(e.getMessage());
    } catch (KubernetesClientException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      return new Look.Unseen(refused(e));
    }
  }

  /** Why the claim is left alone: asked now, since what was seen before may be minutes old. */
  private Optional<String> users(PlannedClaim claim) {
    return switch (new StorageGatherer(cluster).users(namespace, Set.of(claim.name()))) {
      case Fact.Known<ClaimUsers> known when known.value().of(claim.name()).isEmpty() ->
          Optional.empty();
      case Fact.Known<ClaimUsers> known ->
          Optional.of(
              "it is mounted by "
                  + String.join(", ", known.value().of(claim.name()))
                  + ", and left alone");
      case Fact.Unavailable<ClaimUsers> gap ->
          Optional.of("whether a pod mounts it is not known: " + gap.reason());
      case Fact.NotApplicable<ClaimUsers> none -> Optional.of(none.reason());
    };
  }

  private Look run(OldClaimJob objects, Duration time)
      throws ScenarioException, InterruptedException {
    var jobs = new LookJob(cluster, namespace, progress, given);
    jobs.mayBeDeleted();
    try {
      var job = jobs.create(objects.job(time.plus(MARGIN)));
      progress.step(
          "made the Job "
              + objects.name()
              + ": its pod looks into the claim "
              + objects.claim()
              + ", read-only");
      var answer = OldClaimAnswer.read(jobs.await(job, time));
      progress.step("looked into the claim " + objects.claim());
      return answer;
    } finally {
      jobs.putAway(objects.name());
    }
  }

  private static String refused(KubernetesClientException e) {
    return "the Job that looks could not be made: "
        + Failure.of(e)
        + (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            ? " (helm pgcheck preflight --print-rbac --probe-volume prints the Role that it takes)"
            : "");
  }
}
