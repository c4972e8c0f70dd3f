package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseToolTest {

  private static Optional<String> tool(String image, String... command) {
    return DatabaseTool.of(
            new ContainerBuilder().withImage(image).withCommand(List.of(command)).build())
        .map(DatabaseTool::name);
  }

  @ParameterizedTest
  @CsvSource({
    "migrate, migrate",
    "npx prisma migrate deploy, prisma",
    "alembic -c /app/alembic.ini upgrade head, alembic",
    "flyway -url=x migrate, flyway",
    "/usr/bin/pg_dump -Fc, pg_dump",
    "goose -dir db up, goose",
    "dbmate --wait up, dbmate",
    "bundle exec rails db:migrate, Rails",
    "python manage.py migrate --noinput, Django",
    "liquibase --changelog-file=c.xml update, liquibase",
    "bin/app eval App.Release.migrate, "
  })
  void knownByTheCommand(String line, String name) {
    assertEquals(Optional.ofNullable(name), tool("app:1", "/bin/sh", "-c", line));
  }

  @ParameterizedTest
  @CsvSource({
    "flyway/flyway:11, flyway",
    "ghcr.io/amacneil/dbmate, dbmate",
    "localhost:5000/liquibase/liquibase:4@sha256:00, liquibase",
    "migrate/migrate:v4, golang-migrate"
  })
  void knownByTheImage(String image, String name) {
    assertEquals(Optional.of(name), tool(image));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve",
        "immigrate",
        "--no-migrate",
        "serve migrate=false",
        "ls /srv/migrate/sql",
        "/srv/migrate-ui/bin/serve",
        "psql -c SELECT",
        "wget http://x/upgrade"
      })
  void anythingElseIsNone(String line) {
    assertEquals(Optional.empty(), tool("app:1", "/bin/sh", "-c", line));
  }
}
