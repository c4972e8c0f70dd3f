package io.tlengine.pgcheck.check.persistence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.DataPlaces;
import io.tlengine.pgcheck.fact.DataPlaces.Kind;
import io.tlengine.pgcheck.fact.DataPlaces.Place;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * Every directory of the running server lies on a claim that stays when its pod goes: the data
 * directory alone is not enough, since WAL and tablespaces may lie elsewhere.
 */
public final class VolumeReallyPersistentCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-710",
        "volume-really-persistent",
        Severity.ERROR,
        "data directory, WAL or a tablespace lies on something that ends with its pod");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DATA_PLACES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.DATA_PLACES);
    var findings = new ArrayList<Finding>();
    var undecided = new ArrayList<String>();
    var evidence = new LinkedHashMap<String, Object>();
    for (var place : seen.places()) {
      var fault = inDataThatEnds(seen, place) ? Optional.<String>empty() : fault(place);
      fault.ifPresent(
          why ->
              findings.add(
                  Finding.error(
                      "Pod/" + place.pod(),
                      "the "
                          + place.what()
                          + " lies "
                          + why
                          + "; wanted: on a claim that outlives its pod",
                      place.path(),
                      remedy(seen, place))));
      if (place.mount().isPresent() && place.mount().get().kind() instanceof Kind.Other other) {
        undecided.add("the " + place.what() + " lies on a volume of type " + other.type());
      }
      evidence.put(place.pod() + " " + place.what(), place.path() + " on " + on(place));
    }
    if (findings.isEmpty() && !undecided.isEmpty()) {
      return new Outcome.Unknown(
          String.join(", ", undecided)
              + ", and whether that outlives the pod is not in its manifest",
          "ask whoever runs that storage; what is mounted: kubectl get pods -n "
              + seen.namespace()
              + " -o jsonpath='{.items[*].spec.volumes}'");
    }
    return Outcome.of(findings, evidence);
  }

  /** It goes with the data directory's own fault, and is mended by the same remedy. */
  private static boolean inDataThatEnds(DataPlaces seen, Place place) {
    return seen.places().stream()
        .filter(data -> data.what().equals(DATA_DIRECTORY) && data.pod().equals(place.pod()))
        .anyMatch(
            data ->
                place.path().startsWith(data.path() + "/")
                    && place.mount().equals(data.mount())
                    && fault(data).isPresent());
  }

  private static Optional<String> fault(Place place) {
    if (place.mount().isEmpty()) {
      return Optional.of("in the container's own layer");
    }
    var mount = place.mount().get();
    return switch (mount.kind()) {
      case Kind.Claim claim ->
          claim
              .ownerPod()
              .map(
                  p ->
                      "on the claim "
                          + claim.name()
                          + ", which the pod "
                          + p
                          + " owns and takes along when it ends");
      case Kind.MissingClaim claim ->
          Optional.of("on the claim " + claim.name() + ", which does not exist any more");
      case Kind.EmptyDir none -> Optional.of("on an emptyDir (" + mount.volume() + ")");
      case Kind.HostPath host ->
          Optional.of("in a folder of the node (hostPath " + host.path() + ")");
      case Kind.Other other -> Optional.empty();
    };
  }

  private static String on(Place place) {
    return place
        .mount()
        .map(
            m ->
                switch (m.kind()) {
                  case Kind.Claim claim -> "the claim " + claim.name();
                  case Kind.MissingClaim claim -> "a missing claim " + claim.name();
                  case Kind.EmptyDir none -> "an emptyDir";
                  case Kind.HostPath host -> "the node's folder " + host.path();
                  case Kind.Other other -> "a volume of type " + other.type();
                })
        .orElse("no mount");
  }

  private static String remedy(DataPlaces seen, Place place) {
    return place.what().equals(DATA_DIRECTORY)
        ? "give StatefulSet/"
            + seen.set()
            + " a volumeClaimTemplate and set PGDATA below its mount (charts/tl-engine:"
            + " database.mode=statefulset)"
        : "move it below the claim's mount of StatefulSet/"
            + seen.set()
            + ": stop the server, copy "
            + place.path()
            + ", and set the link in the data directory anew";
  }

  private static final String DATA_DIRECTORY = "data directory";
}
