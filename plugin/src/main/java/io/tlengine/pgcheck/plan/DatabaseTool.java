package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Programs that migrate or dump a database, known by a container's command or image. They hold
 * session locks or session settings, which a pooler that pools by transaction breaks
 * (pgbouncer.org/features, "SQL feature map for pooling modes").
 *
 * @param name as in messages, for example alembic
 */
public record DatabaseTool(String name) {

  private record Known(String name, Pattern pattern) {
    static Known of(String name, String pattern) {
      // A word of its own: no folder of a path, no option, no part of a longer name.
      return new Known(name, Pattern.compile("(?<![\\w.-])(?:" + pattern + ")(?![\\w=/-])"));
    }
  }

  private static final List<Known> COMMANDS =
      List.of(
          Known.of("pg_dump", "pg_dump|pg_dumpall"),
          Known.of("pg_restore", "pg_restore"),
          Known.of("prisma", "prisma (?:migrate|db push|db execute)"),
          Known.of("alembic", "alembic\\b.*\\b(?:upgrade|downgrade)"),
          Known.of("flyway", "flyway\\b.*\\b(?:migrate|repair|baseline)"),
          Known.of("liquibase", "liquibase\\b.*\\b(?:update|migrate|rollback)"),
          Known.of("goose", "goose\\b.*\\b(?:up|up-by-one|up-to|down)"),
          Known.of("dbmate", "dbmate\\b.*\\b(?:up|migrate|rollback|wait)"),
          Known.of("sqitch", "sqitch\\b.*\\b(?:deploy|revert)"),
          Known.of("atlas", "atlas (?:migrate|schema) apply"),
          Known.of("knex", "knex migrate:\\w+"),
          Known.of("sequelize", "(?:sequelize|sequelize-cli) db:migrate"),
          Known.of("typeorm", "typeorm\\b.*\\b(?:migration:run|schema:sync)"),
          Known.of("drizzle-kit", "drizzle-kit (?:migrate|push)"),
          Known.of("node-pg-migrate", "node-pg-migrate"),
          Known.of("Rails", "db:(?:migrate|prepare|schema:load)"),
          Known.of("Django", "manage\\.py\\b.*\\bmigrate"),
          Known.of("Laravel", "artisan migrate"),
          Known.of("Ecto", "ecto\\.migrate"),
          Known.of("diesel", "diesel migration run"),
          Known.of("sqlx", "sqlx migrate run"),
          Known.of("Entity Framework", "efbundle|ef database update"),
          Known.of("migrate", "migrate|migrations?"));

  /** The image alone says it: its entry point is the program. */
  private static final List<String> IMAGES =
      List.of("flyway", "liquibase", "dbmate", "goose", "alembic", "sqitch", "atlas");

  /** golang-migrate's image is named like what many others do. */
  private static final String GOLANG_MIGRATE = "migrate/migrate";

  /** Empty when nothing tells. */
  public static Optional<DatabaseTool> of(Container container) {
    var line =
        String.join(
            " ",
            Stream.concat(container.getCommand().stream(), container.getArgs().stream())
                .map(w -> w.replace('\n', ' '))
                .toList());
    return COMMANDS.stream()
        .filter(k -> k.pattern().matcher(line).find())
        .map(k -> new DatabaseTool(k.name()))
        .findFirst()
        .or(() -> ofImage(container.getImage()));
  }

  private static Optional<DatabaseTool> ofImage(@org.jspecify.annotations.Nullable String image) {
    if (image == null) {
      return Optional.empty();
    }
    var path = image.toLowerCase(Locale.ROOT).replaceAll("@.*$", "").replaceAll(":[^/:]*$", "");
    if (path.endsWith(GOLANG_MIGRATE)) {
      return Optional.of(new DatabaseTool("golang-migrate"));
    }
    var last = path.substring(path.lastIndexOf('/') + 1);
    return IMAGES.stream().filter(last::equals).map(DatabaseTool::new).findFirst();
  }
}
