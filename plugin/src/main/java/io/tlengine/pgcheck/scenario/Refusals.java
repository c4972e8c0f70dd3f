package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.scenario.release.ReleaseState;
import io.tlengine.pgcheck.scenario.release.ReleaseState.ArgoCd;
import io.tlengine.pgcheck.scenario.release.ReleaseState.SetState;
import java.util.List;
import java.util.Optional;

/** When a release must not be changed in some way; nothing overrides that. Pure. */
final class Refusals {

  private Refusals() {}

  /**
   * Why not.
   *
   * @param remedy what to do so that it may be
   */
  record Refusal(String reason, String remedy) {}

  /** Empty: it may be changed in this way. */
  static Optional<Refusal> of(ReleaseState state, Scenario.Change change) {
    return unsettled(state)
        .or(() -> state.sets().stream().flatMap(s -> unwell(s, state).stream()).findFirst())
        .or(
            () ->
                switch (change) {
                  case REPLACES_PODS -> Optional.empty();
                  case SCALES -> scaling(state);
                  case UNINSTALLS -> uninstalling(state);
                });
  }

  /** Only Helm's own states in which it works, or has stopped in the middle. */
  private static Optional<Refusal> unsettled(ReleaseState state) {
    return state
        .helm()
        .filter(h -> h.status().startsWith("pending-") || h.status().equals("uninstalling"))
        .map(
            h ->
                new Refusal(
                    "the release "
                        + state.release()
                        + " is "
                        + h.status()
                        + " at revision "
                        + h.revision()
                        + ": somebody changes it, or was interrupted",
                    "wait until helm is done; if it was interrupted: helm rollback "
                        + state.release()
                        + " -n "
                        + state.namespace()));
  }

  private static Optional<Refusal> unwell(SetState set, ReleaseState state) {
    var subject = "StatefulSet/" + set.name();
    var rollout = "kubectl rollout status statefulset/" + set.name() + " -n " + state.namespace();
    if (set.deleting()) {
      return Optional.of(new Refusal(subject + " is being deleted", "install the release again"));
    }
    if (set.owner().isPresent()) {
      return Optional.of(
          new Refusal(
              subject
                  + " belongs to "
                  + set.owner().get()
                  + ", which would work against the change",
              "test such a database by its operator's own means: kubectl describe "
                  + set.owner().get()
                  + " -n "
                  + state.namespace()));
    }
    if (set.replicas() == 0) {
      return Optional.of(
          new Refusal(
              subject + " is scaled to 0, so there is no database to test",
              "kubectl scale statefulset " + set.name() + " --replicas=1 -n " + state.namespace()));
    }
    if (set.rolling()) {
      return Optional.of(refusal(subject + " is being rolled out", rollout, set, state));
    }
    if (set.ready() < set.replicas()) {
      return Optional.of(
          refusal(
              subject
                  + " is not healthy: "
                  + set.ready()
                  + " of "
                  + set.replicas()
                  + " pods are ready",
              rollout,
              set,
              state));
    }
    return Optional.empty();
  }

  /** Waiting helps, unless a pod is in a state that it does not leave by itself. */
  private static Refusal refusal(String reason, String wait, SetState set, ReleaseState state) {
    return set.stuck()
        .map(s -> new Refusal(reason + ", and " + s.text(), s.remedy(state.namespace())))
        .orElseGet(() -> new Refusal(reason, wait));
  }

  private static Optional<Refusal> scaling(ReleaseState state) {
    return argoCd(state)
        .or(() -> autoscaled(state))
        .or(
            () ->
                state.sets().stream()
                    .filter(s -> s.whenScaled().equals("Delete"))
                    .findFirst()
                    .map(
                        s ->
                            new Refusal(
                                "scaling StatefulSet/"
                                    + s.name()
                                    + " in would delete its claims with their data: whenScaled is"
                                    + " Delete",
                                "set persistentVolumeClaimRetentionPolicy.whenScaled to Retain"
                                    + " (charts/tl-engine:"
                                    + " database.statefulset.retention.whenScaled=Retain)")));
  }

  private static Optional<Refusal> uninstalling(ReleaseState state) {
    if (state.helm().isEmpty()) {
      return Optional.of(
          new Refusal(
              "Helm does not know the release "
                  + state.release()
                  + ", so it cannot be uninstalled and brought back",
              "what another tool installed is tested by deleting pods and by scaling"));
    }
    if (!state.helm().get().status().equals("deployed")) {
      return Optional.of(
          new Refusal(
              "the release "
                  + state.release()
                  + " is "
                  + state.helm().get().status()
                  + " at revision "
                  + state.helm().get().revision()
                  + "; wanted: deployed, to come back to",
              "helm upgrade or helm rollback it first: helm history "
                  + state.release()
                  + " -n "
                  + state.namespace()));
    }
    if (!state.renderedClaims().isEmpty()) {
      return Optional.of(
          new Refusal(
              "an uninstall would delete the claim "
                  + String.join(", ", state.renderedClaims())
                  + " with its data: it is an ordinary object of the release",
              "give it the annotation helm.sh/resource-policy: keep, or use a volumeClaimTemplate"));
    }
    return argoCd(state)
        .or(
            () ->
                state.sets().stream()
                    .filter(s -> s.whenDeleted().equals("Delete"))
                    .findFirst()
                    .map(
                        s ->
                            new Refusal(
                                "an uninstall would delete the claims of StatefulSet/"
                                    + s.name()
                                    + " with their data: whenDeleted is Delete",
                                "set persistentVolumeClaimRetentionPolicy.whenDeleted to Retain"
                                    + " (charts/tl-engine:"
                                    + " database.statefulset.retention.whenDeleted=Retain)")));
  }

  private static Optional<Refusal> argoCd(ReleaseState state) {
    return switch (state.argoCd()) {
      case ArgoCd.No no -> Optional.empty();
      case ArgoCd.Patient patient -> Optional.empty();
      case ArgoCd.SelfHealing healing ->
          Optional.of(
              new Refusal(
                  "the Argo CD Application "
                      + healing.application()
                      + " heals itself: it would undo the change while it is tested",
                  "switch selfHeal off for the time of the test, or have it ignore the field:"
                      + " ignoreDifferences with /spec/replicas of the StatefulSet and the sync"
                      + " option RespectIgnoreDifferences=true"));
      case ArgoCd.Unknown unknown ->
          Optional.of(
              new Refusal(
                  "Argo CD manages the release, and whether it would undo the change is not known: "
                      + unknown.why(),
                  unknown.remedy()));
    };
  }

  private static Optional<Refusal> autoscaled(ReleaseState state) {
    return switch (state.autoscaled()) {
      case Fact.Unavailable<List<String>> gap ->
          Optional.of(new Refusal(gap.reason(), gap.remedy()));
      case Fact.NotApplicable<List<String>> none -> Optional.empty();
      case Fact.Known<List<String>> known ->
          known.value().stream()
              .findFirst()
              .map(
                  name ->
                      new Refusal(
                          "a HorizontalPodAutoscaler scales StatefulSet/"
                              + name
                              + " and would work against the change",
                          "take it away for the time of the test (kubectl get hpa -n "
                              + state.namespace()
                              + "); a database is not scaled by load: its pods hold data"));
    };
  }
}
