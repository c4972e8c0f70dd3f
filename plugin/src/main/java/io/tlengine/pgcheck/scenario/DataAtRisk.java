package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.DataPlaces.Kind;
import io.tlengine.pgcheck.fact.DataPlaces.Place;
import io.tlengine.pgcheck.fact.Software;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.scenario.Refusals.Refusal;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.statefulset.SetServers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether the end of a pod would take data along that is not this program's: what lies on an
 * emptyDir, a generic ephemeral volume or in the container's own layer.
 */
final class DataAtRisk {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final SetServers servers;
  private final DataPlacesScenario places;

  DataAtRisk(SetServers servers, DataPlacesScenario places) {
    this.servers = servers;
    this.places = places;
  }

  /** Empty: the pods may end. What lies on a claim of the set's templates is not looked at. */
  Optional<Refusal> refusal() {
    if (servers.set().dataClaimTemplate().isPresent()) {
      return Optional.empty();
    }
    try {
      for (var pod : servers.set().podNames()) {
        var refusal = refusal(pod);
        if (refusal.isPresent()) {
          return refusal;
        }
      }
      return Optional.empty();
    } catch (ScenarioException e) {
      return unknown(e.getMessage(), e.remedy());
    } catch (SQLException e) {
      return unknown(Failure.of(e), "run again");
    } catch (KubernetesClientException e) {
      return unknown(Failure.of(e), Failure.grant(e).orElse("run again"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unknown("interrupted", "run again");
    }
  }

  private Optional<Refusal> refusal(String pod)
      throws ScenarioException, SQLException, InterruptedException {
    var deadline = Instant.now().plus(TIMEOUT);
    Optional<String> others;
    try (var server = servers.server(pod, deadline)) {
      others = server.others();
    }
    if (others.isEmpty()) {
      return Optional.empty();
    }
    return fleeting(pod, deadline)
        .map(
            where ->
                new Refusal(
                    "the data of "
                        + pod
                        + " lies "
                        + where
                        + " and ends with the pod, and "
                        + others.get()
                        + " in it would be lost: not pgcheck's own",
                    "put the data directory on a claim (a volumeClaimTemplate of the StatefulSet),"
                        + " or test a copy without data; PGC-710 shows where it lies"));
  }

  /** Where, when that ends with the pod. */
  private Optional<String> fleeting(String pod, Instant deadline)
      throws ScenarioException, InterruptedException {
    if (servers.software() == Software.REDIS) {
      return Optional.of("on none of the set's claims");
    }
    return places.of(pod, deadline).stream().flatMap(p -> fleeting(p).stream()).findFirst();
  }

  private static Optional<String> fleeting(Place place) {
    if (place.mount().isEmpty()) {
      return Optional.of("in the container's own layer (" + place.path() + ")");
    }
    return switch (place.mount().get().kind()) {
      case Kind.EmptyDir e -> Optional.of("on an emptyDir");
      case Kind.Claim claim when claim.ownerPod().isPresent() ->
          Optional.of("on a generic ephemeral volume");
      case Kind.Claim claim -> Optional.empty();
      case Kind.MissingClaim missing -> Optional.empty();
      case Kind.HostPath path -> Optional.empty();
      case Kind.Other other -> Optional.empty();
    };
  }

  private static Optional<Refusal> unknown(String why, String remedy) {
    return Optional.of(
        new Refusal(
            "whether data would be lost with the pod is not known, since it lies on no claim of the"
                + " set's templates: "
                + why,
            remedy));
  }
}
