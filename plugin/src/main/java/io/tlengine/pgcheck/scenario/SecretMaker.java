package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.release.ReleasePlan;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import io.tlengine.pgcheck.plan.SecretRecipe;
import io.tlengine.pgcheck.plan.SecretRecipe.Part;
import io.tlengine.pgcheck.plan.StoragePlan.SetStorage;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes a Secret, or adds the keys that it lacks. A value that is there stays: it is created, never
 * replaced, and a patch names the version that was read.
 */
public final class SecretMaker {

  /** Found by cleanup; not Helm's, so that no upgrade or uninstall touches it. */
  private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  private static final String INSTANCE = "app.kubernetes.io/instance";

  /** Somebody else may be making the same Secret. */
  private static final int TRIES = 5;

  private final Cluster cluster;
  private final String namespace;
  private final String release;
  private final ReleasePlan plan;
  private final boolean createNamespace;
  private boolean madeNamespace;

  /**
   * @param createNamespace make the namespace, too, where there is none
   */
  public SecretMaker(
      Cluster cluster,
      String namespace,
      String release,
      ReleasePlan plan,
      boolean createNamespace) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.release = release;
    this.plan = plan;
    this.createNamespace = createNamespace;
  }

  /** There was no namespace, and now there is. */
  public boolean madeNamespace() {
    return madeNamespace;
  }

  /**
   * What was done, or would be.
   *
   * @param exists there was a Secret before
   * @param added how each new key's value came about, by key, in words without the value
   * @param kept the keys that were there, and were not touched
   */
  public record Made(String secret, boolean exists, Map<String, String> added, List<String> kept) {}

  /**
   * @param given values from outside, by key
   * @param dryRun look only
   * @throws ScenarioException when a value is missing, must not be made, or the API refuses
   */
  public Made make(SecretRecipe recipe, Map<String, String> given, boolean dryRun)
      throws ScenarioException {
    KubernetesClientException last = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        return makeOnce(recipe, given, dryRun);
      } catch (KubernetesClientException e) {
        if (createNamespace && noNamespace(e)) {
          makeNamespace();
        } else if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          throw refused(recipe.secret(), e);
        }
        last = e;
      }
    }
    throw refused(recipe.secret(), java.util.Objects.requireNonNull(last));
  }

  /** A Secret that went meanwhile is not found either. */
  private static boolean noNamespace(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && isAbout("namespaces", e);
  }

  private static boolean isAbout(String resource, KubernetesClientException e) {
    return e.getStatus() != null
        && e.getStatus().getDetails() != null
        && resource.equals(e.getStatus().getDetails().getKind());
  }

  /** The rights that were missing: claims are only looked at. */
  private Grant grant(KubernetesClientException e) {
    return isAbout("persistentvolumeclaims", e)
        ? Grant.inNamespace(
            "pgcheck-secret-claims", namespace, "--verb=get --resource=persistentvolumeclaims")
        : Grant.inNamespace(
            "pgcheck-secret", namespace, "--verb=get,list,create,patch --resource=secrets");
  }

  private void makeNamespace() throws ScenarioException {
    try {
      var wanted = new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata();
      cluster.client().namespaces().resource(wanted.build()).create();
      madeNamespace = true;
    } catch (KubernetesClientException e) {
      // Somebody else may have been faster.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw new ScenarioException(
            "the namespace " + namespace + " could not be made: " + Failure.of(e),
            Failure.remedy(
                e, Grant.inCluster("pgcheck-namespace", "--verb=create --resource=namespaces")),
            e);
      }
    }
  }

  private Made makeOnce(SecretRecipe recipe, Map<String, String> given, boolean dryRun)
      throws ScenarioException {
    var existing =
        Optional.ofNullable(
            cluster.client().secrets().inNamespace(namespace).withName(recipe.secret()).get());
    var values = values(existing);
    var kept = recipe.parts().keySet().stream().filter(values::containsKey).sorted().toList();
    var missing = new TreeMap<>(recipe.parts());
    missing.keySet().removeAll(kept);
    needed(recipe, missing, given);
    passwordsFitData(missing, given, existing.isPresent());

    var fresh = SecretValues.of(missing, values, given);
    if (!dryRun && !fresh.values().isEmpty()) {
      write(recipe.secret(), existing, fresh.values());
    }
    return new Made(recipe.secret(), existing.isPresent(), fresh.origins(), kept);
  }

  private static void needed(
      SecretRecipe recipe, Map<String, Part> missing, Map<String, String> given)
      throws ScenarioException {
    var open =
        missing.entrySet().stream()
            .filter(e -> e.getValue() instanceof Part.FromOutside && !given.containsKey(e.getKey()))
            .map(Map.Entry::getKey)
            .toList();
    if (!open.isEmpty()) {
      throw new ScenarioException(
          "only you know what belongs under "
              + String.join(", ", open)
              + " of the Secret "
              + recipe.secret(),
          "put it into a file and add "
              + open.stream()
                  .map(k -> "--from-file " + k + "=./" + k + ".txt")
                  .collect(Collectors.joining(" "))
              + " (or --from-env "
              + open.getFirst()
              + "=VARIABLE)");
    }
  }

  /**
   * The password of a database is in its data: a new one would lock the application out. But where
   * the pods set the Secret's passwords at each start, a key that it lacks is a role's that is new.
   */
  private void passwordsFitData(
      Map<String, Part> missing, Map<String, String> given, boolean completes)
      throws ScenarioException {
    var passwords =
        missing.entrySet().stream()
            .filter(e -> e.getValue() instanceof Part.NewPassword && !given.containsKey(e.getKey()))
            .map(Map.Entry::getKey)
            .toList();
    if (passwords.isEmpty()) {
      return;
    }
    var sets =
        plan.plan().sets().stream()
            .map(DatabaseSet::name)
            .filter(name -> !(completes && setsPasswords(name)))
            .toList();
    var old =
        plan.plan().claims().stream()
            .filter(c -> sets.contains(c.set()))
            .map(PlannedClaim::name)
            .filter(this::claimExists)
            .findFirst();
    if (old.isPresent()) {
      throw new ScenarioException(
          "the claim "
              + old.get()
              + " in "
              + namespace
              + " holds a database already, and its roles have their passwords: no new one is made"
              + " for "
              + String.join(", ", passwords),
          "put the old one into a file and add "
              + passwords.stream()
                  .map(k -> "--from-file " + k + "=./" + k + ".txt")
                  .collect(Collectors.joining(" "))
              + "; if the data may go: kubectl delete pvc "
              + old.get()
              + " -n "
              + namespace);
    }
  }

  private boolean setsPasswords(String set) {
    return plan.storage().set(set).filter(SetStorage::ownPassword).isPresent();
  }

  private boolean claimExists(String name) {
    return cluster.client().persistentVolumeClaims().inNamespace(namespace).withName(name).get()
        != null;
  }

  private static Map<String, String> values(Optional<Secret> secret) {
    var values = new TreeMap<String, String>();
    secret
        .map(Secret::getData)
        .ifPresent(
            data ->
                data.forEach(
                    (key, value) ->
                        values.put(
                            key,
                            new String(
                                Base64.getDecoder().decode(value), StandardCharsets.UTF_8))));
    return values;
  }

  private void write(String name, Optional<Secret> existing, Map<String, String> fresh) {
    var secrets = cluster.client().secrets().inNamespace(namespace);
    if (existing.isEmpty()) {
      secrets
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .withNamespace(namespace)
                  .addToLabels(MANAGED_BY, "pgcheck")
                  .addToLabels(INSTANCE, release)
                  .endMetadata()
                  .withType("Opaque")
                  .withStringData(fresh)
                  .build())
          .create();
      return;
    }
    var data = new TreeMap<String, String>();
    fresh.forEach(
        (key, value) ->
            data.put(
                key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    // With the version that was read: a key that somebody added meanwhile is not overwritten.
    var patch =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withResourceVersion(existing.get().getMetadata().getResourceVersion())
            .endMetadata()
            .withData(data)
            .build();
    secrets
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            cluster.client().getKubernetesSerialization().asJson(patch));
  }

  private ScenarioException refused(String secret, KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
      return new ScenarioException(
          "you may not read or write the Secret " + namespace + "/" + secret + " or its claims",
          Failure.remedy(e, grant(e)),
          e);
    }
    if (noNamespace(e)) {
      return new ScenarioException(
          "there is no namespace " + namespace, "kubectl create namespace " + namespace);
    }
    return new ScenarioException(
        "the Secret " + namespace + "/" + secret + " could not be written: " + Failure.of(e),
        "run again",
        e);
  }
}
