package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.Container;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.PlannedObject;
import io.tlengine.pgcheck.plan.Workload;
import java.util.ArrayList;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A pre-install hook runs before any ordinary object of its release exists (Helm, "Chart Hooks"),
 * so what its pod refers to must be there already, or be an earlier hook itself.
 */
public final class HooksStandAloneCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-805",
        "hooks-stand-alone",
        Severity.ERROR,
        "a pre-install hook needs an object that the same release creates later");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.RELEASE);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var plan = facts.get(FactKey.PLAN);
    if (facts.get(FactKey.RELEASE).exists()) {
      return new Outcome.Skipped("an upgrade: what its hooks refer to exists since the install");
    }
    var hooks = plan.workloads().stream().filter(w -> before(w)).toList();
    if (hooks.isEmpty()) {
      return new Outcome.Skipped("the release has no pre-install hook that runs a pod");
    }
    var findings = new ArrayList<Finding>();
    for (var hook : hooks) {
      references(hook)
          .distinct()
          .filter(r -> later(plan, hook, r))
          .forEach(r -> findings.add(finding(hook, r)));
    }
    return Outcome.of(findings, evidence("hooks", hooks.stream().map(Workload::id).toList()));
  }

  private static boolean before(Workload workload) {
    return workload.hook().filter(h -> h.events().contains("pre-install")).isPresent();
  }

  /** The plan makes it, but not before this hook. */
  private static boolean later(Plan plan, Workload hook, String reference) {
    var made =
        plan.objects().stream().filter(o -> (o.kind() + "/" + o.name()).equals(reference)).toList();
    return !made.isEmpty() && made.stream().noneMatch(o -> earlier(o, hook));
  }

  private static boolean earlier(PlannedObject object, Workload hook) {
    return object
        .hook()
        .filter(h -> h.events().contains("pre-install"))
        .filter(h -> h.weight() <= hook.hook().orElseThrow().weight())
        .isPresent();
  }

  /** As Kind/name; optional references hold nothing up. */
  private static Stream<String> references(Workload hook) {
    var pod = hook.pod();
    var account =
        pod.getServiceAccountName() == null
            ? Stream.<String>empty()
            : Stream.of("ServiceAccount/" + pod.getServiceAccountName());
    var volumes =
        pod.getVolumes().stream()
            .flatMap(
                v ->
                    v.getSecret() != null && !Boolean.TRUE.equals(v.getSecret().getOptional())
                        ? Stream.of("Secret/" + v.getSecret().getSecretName())
                        : v.getConfigMap() != null
                                && !Boolean.TRUE.equals(v.getConfigMap().getOptional())
                            ? Stream.of("ConfigMap/" + v.getConfigMap().getName())
                            : v.getPersistentVolumeClaim() != null
                                ? Stream.of(
                                    "PersistentVolumeClaim/"
                                        + v.getPersistentVolumeClaim().getClaimName())
                                : Stream.empty());
    return Stream.of(account, volumes, hook.containers().flatMap(HooksStandAloneCheck::references))
        .flatMap(s -> s);
  }

  private static Stream<String> references(Container container) {
    var variables =
        container.getEnv().stream()
            .filter(e -> e.getValueFrom() != null)
            .map(e -> e.getValueFrom())
            .flatMap(
                f ->
                    f.getSecretKeyRef() != null
                            && !Boolean.TRUE.equals(f.getSecretKeyRef().getOptional())
                        ? Stream.of("Secret/" + f.getSecretKeyRef().getName())
                        : f.getConfigMapKeyRef() != null
                                && !Boolean.TRUE.equals(f.getConfigMapKeyRef().getOptional())
                            ? Stream.of("ConfigMap/" + f.getConfigMapKeyRef().getName())
                            : Stream.empty());
    var whole =
        container.getEnvFrom().stream()
            .flatMap(
                f ->
                    f.getSecretRef() != null && !Boolean.TRUE.equals(f.getSecretRef().getOptional())
                        ? Stream.of("Secret/" + f.getSecretRef().getName())
                        : f.getConfigMapRef() != null
                                && !Boolean.TRUE.equals(f.getConfigMapRef().getOptional())
                            ? Stream.of("ConfigMap/" + f.getConfigMapRef().getName())
                            : Stream.empty());
    return Stream.concat(variables, whole);
  }

  private static Finding finding(Workload hook, String reference) {
    return Finding.error(
        hook.id(),
        "the hook "
            + hook.name()
            + " runs before the install and needs "
            + reference
            + ", which the same release creates only afterwards; wanted: an object that exists"
            + " before, or a hook with a lower weight",
        "",
        reference.startsWith("Secret/")
            ? "make the Secret before the install and name it (here: --set-string"
                + " database.existingSecret=NAME); helm pgcheck secret with the same arguments"
                + " makes it"
            : "make it a hook of its own, in its metadata: annotations: {helm.sh/hook:"
                + " \"pre-install,pre-upgrade\", helm.sh/hook-weight: \"-10\"}; or move the hook to"
                + " post-install");
  }
}
