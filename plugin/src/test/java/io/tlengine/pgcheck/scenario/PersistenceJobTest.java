package io.tlengine.pgcheck.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.tlengine.pgcheck.gather.helm.Manifests;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.DatabaseSet.Source;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import io.tlengine.pgcheck.plan.UrlRole;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PersistenceJobTest {

  private static final ReleaseDatabase EXTERNAL =
      new ReleaseDatabase.External(
          "engine",
          new UrlSource(UrlRole.RUNTIME, "Deployment/engine", "DATABASE_URL", "outside", "url"));

  private static ReleaseDatabase inCluster(Source password) {
    return new ReleaseDatabase.InCluster(
        new DatabaseSet(
            "db",
            1,
            0,
            "postgres",
            5432,
            Optional.empty(),
            Optional.of(new Source.ConfigMapKey("names", "user")),
            Optional.of(password),
            Optional.of("data")),
        Topology.STANDALONE,
        List.of());
  }

  private static List<HasMetadata> objects(ReleaseDatabase database) {
    var yaml =
        PersistenceJob.yaml(
            database,
            "tl",
            "shop",
            "example.test/pgcheck:1",
            List.of("--timeout", "3m"),
            Duration.ofMinutes(3));
    assertFalse(yaml.matches("(?s).*\\{[a-z]+}.*"), yaml);
    return Manifests.parse(yaml);
  }

  private static <T> T of(Class<T> type, ReleaseDatabase database) {
    return objects(database).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  private static List<PolicyRule> rules(ReleaseDatabase database, String resource) {
    return of(Role.class, database).getRules().stream()
        .filter(r -> r.getResources().contains(resource))
        .toList();
  }

  @Test
  void anAccountARoleItsBindingAndTheJobAreOfOneName() {
    assertEquals(
        List.of("ServiceAccount", "Role", "RoleBinding", "Job"),
        objects(EXTERNAL).stream().map(HasMetadata::getKind).toList());
    for (var object : objects(EXTERNAL)) {
      assertEquals("pgcheck-tl-persistence", object.getMetadata().getName());
      assertEquals("shop", object.getMetadata().getNamespace());
    }
  }

  @Test
  void theJobRunsTheCommandAndEndsByItself() {
    var spec = of(Job.class, EXTERNAL).getSpec();
    var container = spec.getTemplate().getSpec().getContainers().getFirst();

    assertEquals(List.of("persistence", "tl", "--yes", "--timeout", "3m"), container.getArgs());
    assertEquals("example.test/pgcheck:1", container.getImage());
    assertEquals(480L, spec.getActiveDeadlineSeconds());
    assertEquals(0, spec.getBackoffLimit());
    assertTrue(spec.getTtlSecondsAfterFinished() > 0);
    assertTrue(container.getSecurityContext().getReadOnlyRootFilesystem());
  }

  @Test
  void itMayReadTheOneSecretAndNoOther() {
    var database = inCluster(new Source.SecretKey("pg", "password"));

    assertEquals(List.of("pg"), rules(database, "secrets").getFirst().getResourceNames());
    assertEquals(List.of("outside"), rules(EXTERNAL, "secrets").getFirst().getResourceNames());
  }

  @Test
  void withoutASecretItMayReadNone() {
    assertEquals(List.of(), rules(inCluster(new Source.Literal("x")), "secrets"));
  }

  @Test
  void whereTheDatabaseIsOutsideItMayNotEnterPods() {
    assertEquals(List.of(), rules(EXTERNAL, "pods/exec"));
    assertEquals(1, rules(inCluster(new Source.SecretKey("pg", "p")), "pods/exec").size());
  }

  /** Whoever deletes the Job alone leaves an account that may delete pods. */
  @Test
  void theHeaderNamesTheCommandThatDeletesAllOfIt() {
    var yaml =
        PersistenceJob.yaml(
            EXTERNAL, "tl", "shop", "example.test/pgcheck:1", List.of(), Duration.ofMinutes(3));
    var command = yaml.lines().filter(l -> l.startsWith("#   kubectl delete -n shop ")).findFirst();

    for (var object : Manifests.parse(yaml)) {
      var name = object.getKind().toLowerCase(Locale.ROOT) + "/" + object.getMetadata().getName();
      assertTrue(List.of(command.orElseThrow().split(" ")).contains(name), name);
    }
  }
}
