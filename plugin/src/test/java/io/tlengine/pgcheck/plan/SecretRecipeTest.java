package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tlengine.pgcheck.plan.SecretRecipe.Part;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecretRecipeTest {

  private static SecretRecipe only(Plan plan) {
    var recipes = SecretRecipe.of(plan);
    assertEquals(1, recipes.size(), recipes::toString);
    return recipes.getFirst();
  }

  private static Part part(SecretRecipe recipe, String key) {
    return Objects.requireNonNull(recipe.parts().get(key), recipe::toString);
  }

  @Test
  void aDatabaseOfItsOwnNeedsANameAndANewPassword() {
    assertEquals(
        new SecretRecipe(
            "postgresql-secret",
            Map.of("username", new Part.UserName(), "password", new Part.NewPassword())),
        only(Fixtures.plan("our-statefulset")));
  }

  @Test
  void theUrlOfADatabaseOutsideIsKnownToItsOwnerAlone() {
    assertEquals(
        new Part.FromOutside(true), part(only(Fixtures.plan("our-external")), "DATABASE_URL"));
  }

  @Test
  void aKeyThatTheUserNamesHoldsAUrlWhateverItIsCalled() {
    var hints =
        new UrlHints(Optional.of("app-database"), Optional.of("connection"), Optional.empty());
    var recipes = SecretRecipe.of(PlanReader.read(List.of(), hints));

    assertEquals(
        List.of(new SecretRecipe("app-database", Map.of("connection", new Part.FromOutside(true)))),
        recipes);
  }

  @Test
  void theUrlOfItsOwnDatabaseIsComposedOfWhatStandsBesideIt() {
    var recipe =
        only(
            PlanReader.read(
                io.tlengine.pgcheck.gather.helm.Manifests.parse(
                    """
                    apiVersion: apps/v1
                    kind: StatefulSet
                    metadata: {name: db}
                    spec:
                      serviceName: db
                      template:
                        metadata: {labels: {app: db}}
                        spec:
                          containers:
                            - name: postgres
                              ports: [{containerPort: 5432}]
                              env:
                                - {name: POSTGRES_DB, value: shop}
                                - name: POSTGRES_USER
                                  valueFrom: {secretKeyRef: {name: pg, key: user}}
                                - name: POSTGRES_PASSWORD
                                  valueFrom: {secretKeyRef: {name: pg, key: pw}}
                                - name: STANDBY
                                  valueFrom: {secretKeyRef: {name: pg, key: replication-password}}
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: db-headless}
                    spec: {clusterIP: None, selector: {app: db}}
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: db-rw}
                    spec: {selector: {app: db}}
                    ---
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: app}
                    spec:
                      template:
                        spec:
                          containers:
                            - name: app
                              env:
                                - name: DATABASE_URL
                                  valueFrom: {secretKeyRef: {name: pg, key: url}}
                                - name: DATABASE_URL_READ
                                  valueFrom: {secretKeyRef: {name: pg, key: replica}}
                                - {name: PGSSLMODE, value: require}
                                - name: LICENCE
                                  valueFrom: {secretKeyRef: {name: pg, key: licence}}
                    """)));

    assertEquals(
        new Part.OwnUrl("db-rw", "5432", "shop", "user", "pw", "?sslmode=require"),
        part(recipe, "url"));
    assertInstanceOf(Part.NewPassword.class, part(recipe, "replication-password"));
    assertEquals(new Part.FromOutside(true), part(recipe, "replica"));
    assertEquals(new Part.FromOutside(false), part(recipe, "licence"));
  }

  @Test
  void everyPartOfAUrlIsEncoded() throws DatabaseUrl.MalformedUrlException {
    var url =
        new Part.OwnUrl("db", "5432", "a/b c", "user", "pw", "?sslmode=require")
            .of("us@er", "p:/?#[]@!$&'()*+,;=% é");

    var read = DatabaseUrl.parse(url);
    assertEquals("us@er", read.user());
    assertEquals("p:/?#[]@!$&'()*+,;=% é", read.password());
    assertEquals("a/b c", read.database());
    assertEquals(SslMode.REQUIRE, read.sslMode());
  }

  @Test
  void aChartWithoutSecretsNeedsNone() {
    assertEquals(List.of(), SecretRecipe.of(PlanReader.read(List.of())));
  }
}
