package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UrlSourcesTest {

  private static final String SPEC =
      """
      spec:
        template:
          spec:
            containers:
              - name: c
                image: c
                %s
      """;

  private static HasMetadata deployment(String variables) {
    return Serialization.unmarshal(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: engine}\n"
            + SPEC.formatted(variables),
        Deployment.class);
  }

  private static HasMetadata job(String variables) {
    return Serialization.unmarshal(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrations}\n"
            + SPEC.formatted(variables),
        Job.class);
  }

  private static String env(String name, String secret, String key) {
    return "env: [{name: "
        + name
        + ", valueFrom: {secretKeyRef: {name: "
        + secret
        + ", key: "
        + key
        + "}}}]";
  }

  private static List<String> roles(UrlHints hints, HasMetadata... objects) {
    return PlanReader.read(List.of(objects), hints).urlSources().stream()
        .map(s -> s.role().text() + " " + s.where())
        .toList();
  }

  private static UrlHints hints(String secret, String key, String variable) {
    return new UrlHints(
        Optional.of(secret).filter(s -> !s.isEmpty()),
        Optional.of(key).filter(s -> !s.isEmpty()),
        Optional.of(variable).filter(s -> !s.isEmpty()));
  }

  @Test
  void aJobsOtherKeyIsTheDirectUrlWhereverItStands() {
    assertEquals(
        List.of("runtime Secret/s key DATABASE_URL", "direct Secret/s key DIRECT"),
        roles(
            UrlHints.NONE,
            job(env("DATABASE_URL", "s", "DIRECT")),
            deployment(env("DATABASE_URL", "s", "DATABASE_URL"))));
  }

  @Test
  void aJobAloneHasTheApplicationsUrl() {
    assertEquals(
        List.of("runtime Secret/s key DATABASE_URL"),
        roles(UrlHints.NONE, job(env("DATABASE_URL", "s", "DATABASE_URL"))));
  }

  @Test
  void theVariableCanBeNamed() {
    var other = deployment(env("DB_DSN", "app", "uri"));

    assertEquals(List.of(), roles(UrlHints.NONE, other));
    assertEquals(List.of("runtime Secret/app key uri"), roles(hints("", "", "DB_DSN"), other));
  }

  @Test
  void aWholeSecretIsReadByTheNamedVariableWithoutItsPrefix() {
    assertEquals(
        List.of("runtime Secret/app key URL"),
        roles(
            hints("", "", "DB_URL"),
            deployment("envFrom: [{prefix: DB_, secretRef: {name: app}}]")));
  }

  @Test
  void theSecretCanBeNamedAndWins() {
    var plan =
        PlanReader.read(
            List.of(deployment(env("DATABASE_URL", "s", "DATABASE_URL"))), hints("app", "uri", ""));

    assertEquals(
        List.of("Secret/app key uri"),
        plan.urlSources().stream().map(Plan.UrlSource::where).toList());
    assertEquals(
        List.of("uri"),
        plan.secrets().stream()
            .filter(s -> s.name().equals("app"))
            .findFirst()
            .orElseThrow()
            .keys());
  }

  @Test
  void withoutAKeyTheVariablesNameIsTheKey() {
    assertEquals(
        List.of("runtime Secret/app key DATABASE_URL"),
        roles(hints("app", "", ""), deployment("env: []")));
  }
}
