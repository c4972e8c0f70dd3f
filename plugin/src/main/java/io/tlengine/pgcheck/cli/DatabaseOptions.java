package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.plan.UrlHints;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Where a chart that is not ours has its database URL. The URL itself is never an argument. */
final class DatabaseOptions {

  private static final String SECRET = "--database-secret";
  private static final String VARIABLE = "--database-url-env";

  /** Kubernetes: names of Secrets (DNS subdomain), their keys, and environment variables. */
  private static final Pattern SECRET_AND_KEY =
      Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?(/[-._a-zA-Z0-9]{1,253})?");

  private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private DatabaseOptions() {}

  static void addTo(CommandSpec spec) {
    addSecretTo(spec, "for other charts: the Secret that holds the database URL");
    spec.addOption(
        OptionSpec.builder(VARIABLE)
            .paramLabel("VAR")
            .type(String.class)
            .description(
                "for other charts: the containers' variable with the database URL"
                    + " (default: DATABASE_URL)")
            .build());
  }

  static void addSecretTo(CommandSpec spec, String description) {
    spec.addOption(
        OptionSpec.builder(SECRET)
            .paramLabel("NAME[/KEY]")
            .type(String.class)
            .description(description)
            .build());
  }

  static UrlHints from(ParseResult parsed) {
    var secret = Optional.ofNullable(parsed.<String>matchedOptionValue(SECRET, null));
    var variable = Optional.ofNullable(parsed.<String>matchedOptionValue(VARIABLE, null));
    // A value that does not fit may be a URL with its password, so it is not repeated.
    if (secret.filter(s -> !SECRET_AND_KEY.matcher(s).matches()).isPresent()) {
      throw new UsageException(
          SECRET + " takes the name of a Secret and a key, such as app-database/uri");
    }
    if (variable.filter(v -> !VARIABLE_NAME.matcher(v).matches()).isPresent()) {
      throw new UsageException(VARIABLE + " takes the name of a variable, such as DB_URL");
    }
    var parts = secret.map(s -> s.split("/", 2));
    return new UrlHints(
        parts.map(p -> p[0]), parts.filter(p -> p.length > 1).map(p -> p[1]), variable);
  }
}
