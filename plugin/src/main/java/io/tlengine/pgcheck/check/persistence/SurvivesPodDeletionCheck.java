package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.PodDeletion;
import io.tlengine.pgcheck.fact.PodDeletion.DeletedPod;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.fact.PodDeletion.Round;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * After each pod was deleted, and after all were at once, each database is the same one on the same
 * claim and volume, with the same rows. A graceful deletion shows that the volume comes back, and
 * nothing about crashes.
 */
public final class SurvivesPodDeletionCheck implements Check {

  private static final String LEVEL = "pod deleted";
  private static final String CANNOT_SHOW =
      "a clean shutdown wrote everything: crashes, power loss and lying disks are not shown";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-701",
        "survives-pod-deletion",
        Severity.ERROR,
        "after the pod was deleted, rows, claim, volume or database are not the same");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.POD_DELETION);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.POD_DELETION);
    var findings = new ArrayList<Finding>();
    for (var round : seen.rounds()) {
      round.pods().forEach(pod -> findings.addAll(of(seen, round, pod)));
    }
    if (findings.isEmpty()) {
      var unshown = unshown(seen);
      if (unshown.isPresent()) {
        return unshown.get();
      }
    }
    return Outcome.of(findings, proof(seen));
  }

  private static List<Finding> of(PodDeletion seen, Round round, DeletedPod pod) {
    var after = pod.after().orElse(null);
    if (after == null || after.podUid().equals(pod.before().podUid())) {
      return List.of();
    }
    var subject = "Pod/" + pod.pod();
    var when = round.together() ? "the deletion of all pods" : "the deletion";
    var findings = new ArrayList<Finding>();
    findings.addAll(Attachment.findings(subject, when, pod.before(), after, remedy(seen, pod)));
    findings.addAll(Rows.findings(pod.rows(), subject, remedy(seen, pod)));
    return findings;
  }

  /** What keeps this from being a proof, although nothing is wrong. */
  private static Optional<Outcome> unshown(PodDeletion seen) {
    for (var round : seen.rounds()) {
      for (var pod : round.pods()) {
        if (pod.after().isEmpty()) {
          return Optional.of(
              new Outcome.Unknown(
                  pod.pod()
                      + " was deleted and its rows could not be read again: "
                      + pod.trouble().orElse("no reason known"),
                  // The pod may be gone: then its set's events say why no other one came.
                  "kubectl get pods,events -n "
                      + seen.namespace()
                      + "; when it is ready, run this command again, with a longer --timeout if"
                      + " it came too late: what this run wrote is removed and not read again, the"
                      + " next one writes anew"));
        }
        if (pod.after().get().podUid().equals(pod.before().podUid())) {
          return Optional.of(
              new Outcome.Unknown(
                  "the pod is still the one with UID "
                      + pod.before().podUid()
                      + ", so nothing was shown",
                  "run again"));
        }
      }
    }
    return seen.obstacle()
        .or(() -> seen.rounds().isEmpty() ? Optional.of("no pod was deleted") : Optional.empty())
        .map(
            why ->
                new Outcome.Unknown(
                    "not every pod was deleted by this run: " + why,
                    "kubectl get pods -n "
                        + seen.namespace()
                        + "; run again when nobody else changes them"));
  }

  private static Map<String, Object> proof(PodDeletion seen) {
    var pods = new LinkedHashMap<String, Object>();
    for (var round : seen.rounds()) {
      for (var pod : round.pods()) {
        pods.put(pod.pod() + (round.together() ? ", all at once" : ""), proof(pod));
      }
    }
    var proof =
        evidence(
            "summary",
            summary(seen) + ". Level: " + level(seen) + "; " + CANNOT_SHOW,
            "level",
            level(seen),
            "cannotShow",
            CANNOT_SHOW,
            "readyAfterMillis",
            longest(seen.rounds(), DeletedPod::readyMillis),
            "withoutServiceMillis",
            longest(seen.rounds(), DeletedPod::servedMillis),
            "deleted",
            pods);
    seen.obstacle().ifPresent(why -> proof.put("notDeleted", why));
    return proof;
  }

  /** Another node has to attach the volume, which more can go wrong with. */
  private static String level(PodDeletion seen) {
    var pods = seen.rounds().stream().flatMap(r -> r.pods().stream()).toList();
    long moved =
        pods.stream()
            .filter(p -> p.after().filter(a -> !a.node().equals(p.before().node())).isPresent())
            .count();
    return moved == 0
        ? LEVEL
        : moved == pods.size()
            ? LEVEL + ", node changed"
            : LEVEL + ", node changed in " + moved + " of " + pods.size() + " deletions";
  }

  private static Map<String, Object> proof(DeletedPod pod) {
    var before = pod.before();
    var after = pod.after();
    return evidence(
        "podUidBefore", before.podUid(),
        "podUidAfter", after.map(Instance::podUid).orElse("none"),
        "nodeBefore", before.node(),
        "nodeAfter", after.map(Instance::node).orElse("none"),
        "claim", before.claim().orElse("none"),
        "volume", before.volume().orElse("none"),
        "systemIdentifier", before.systemIdentifier().orElse("none"),
        "goneAfterMillis", pod.goneMillis(),
        "readyAfterMillis", pod.readyMillis(),
        "withoutServiceMillis", pod.servedMillis(),
        "rows", Rows.evidence(pod.rows()));
  }

  private static String summary(PodDeletion seen) {
    var pods = seen.rounds().stream().flatMap(r -> r.pods().stream()).toList();
    if (pods.size() == 1) {
      return summary(pods.getFirst());
    }
    var turns = seen.rounds().stream().filter(r -> !r.together()).toList();
    var all = seen.rounds().stream().filter(Round::together).findFirst();
    return Rows.total(pods.stream().flatMap(p -> p.rows().stream()).toList())
        + " over "
        + turns.size()
        + (turns.size() == 1 ? " pod" : " pods one after another")
        + " (longest without service: "
        + longest(turns, DeletedPod::servedMillis)
        + " ms)"
        + all.map(
                r ->
                    " and all "
                        + r.pods().size()
                        + " at once ("
                        + longest(List.of(r), DeletedPod::servedMillis)
                        + " ms until the last one answered)")
            .orElse("");
  }

  private static long longest(List<Round> rounds, ToLongFunction<DeletedPod> time) {
    return rounds.stream().flatMap(r -> r.pods().stream()).mapToLong(time).max().orElse(0);
  }

  private static String summary(DeletedPod pod) {
    var before = pod.before();
    var node = pod.after().map(Instance::node).orElse("nowhere");
    return Rows.summary(pod.rows())
        + "; new pod "
        + (before.node().equals(node) ? "on " + node : "from " + before.node() + " to " + node)
        + ", ready after "
        + pod.readyMillis()
        + " ms, on "
        + before.claim().map(c -> "the claim " + c).orElse("no claim");
  }

  private static String remedy(PodDeletion seen, DeletedPod pod) {
    return switch (seen.software()) {
      case POSTGRESQL ->
          pod.before().claim().isEmpty()
              ? "put the data directory on a volumeClaimTemplate of the StatefulSet "
                  + seen.set()
                  + " (charts/tl-engine: database.mode=statefulset); an emptyDir ends with its pod"
              : Rows.lookAtClaim(pod.before(), seen.namespace());
      case REDIS ->
          "have Redis keep its keys: --appendonly yes, and --dir on "
              + pod.before()
                  .claim()
                  .map(
                      c -> "the claim's mount; " + Rows.lookAtClaim(pod.before(), seen.namespace()))
                  .orElse("a volumeClaimTemplate of the StatefulSet " + seen.set());
    };
  }
}
