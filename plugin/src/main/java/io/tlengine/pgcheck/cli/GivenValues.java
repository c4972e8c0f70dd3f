package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.plan.SecretRecipe;
import io.tlengine.pgcheck.plan.SecretRecipe.Part;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.ParseResult;

/** Values for a Secret's keys that come from files and variables, never from the command line. */
final class GivenValues {

  static final String FROM_ENV = "--from-env";
  static final String FROM_FILE = "--from-file";

  private GivenValues() {}

  /** The values by key; each belongs to a key of these recipes and has the form that it needs. */
  static Map<String, String> read(
      ParseResult parsed, HelmEnvironment environment, List<SecretRecipe> recipes) {
    var values = new LinkedHashMap<String, String>();
    for (var word : parsed.matchedOptionValue(FROM_ENV, new String[0])) {
      add(
          values,
          FROM_ENV,
          word,
          recipes,
          name ->
              environment
                  .nonEmpty(name)
                  .orElseThrow(
                      () ->
                          new UsageException(
                              FROM_ENV
                                  + " names the variable "
                                  + name
                                  + ", which is not set or empty; export it first")));
    }
    for (var word : parsed.matchedOptionValue(FROM_FILE, new String[0])) {
      add(values, FROM_FILE, word, recipes, GivenValues::content);
    }
    return values;
  }

  private static void add(
      Map<String, String> values,
      String option,
      String word,
      List<SecretRecipe> recipes,
      Function<String, String> read) {
    int equals = word.indexOf('=');
    boolean named =
        equals > 0
            && recipes.stream().anyMatch(r -> r.parts().containsKey(word.substring(0, equals)));
    var key = named ? word.substring(0, equals) : only(option, word, recipes);
    var source = named ? word.substring(equals + 1) : word;
    var value = withoutLastLineBreak(read.apply(source));
    if (value.isBlank()) {
      throw new UsageException(option + " " + word + ": there is nothing in " + source);
    }
    if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
      throw new UsageException(
          option + " " + word + ": what is in " + source + " has more than one line");
    }
    if (url(key, recipes)) {
      try {
        DatabaseUrl.parse(value);
      } catch (MalformedUrlException e) {
        throw new UsageException(
            option
                + " "
                + word
                + ": what is in "
                + source
                + " is no database URL: "
                + e.getMessage());
      }
    }
    if (values.put(key, value) != null) {
      throw new UsageException("the key " + key + " is given twice");
    }
  }

  /** Without a key it can only mean the one that nobody else knows. */
  private static String only(String option, String word, List<SecretRecipe> recipes) {
    var outside =
        recipes.stream()
            .flatMap(r -> r.parts().entrySet().stream())
            .filter(e -> e.getValue() instanceof Part.FromOutside)
            .map(Map.Entry::getKey)
            .distinct()
            .toList();
    if (outside.size() == 1) {
      return outside.getFirst();
    }
    throw new UsageException(
        option
            + " "
            + word
            + " does not say which key; wanted: KEY="
            + word.substring(word.indexOf('=') + 1)
            + ", and the release reads "
            + recipes.stream().flatMap(r -> r.parts().keySet().stream()).sorted().toList());
  }

  private static boolean url(String key, List<SecretRecipe> recipes) {
    return recipes.stream()
        .map(r -> r.parts().get(key))
        .anyMatch(p -> p instanceof Part.OwnUrl || (p instanceof Part.FromOutside o && o.url()));
  }

  private static String content(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (CharacterCodingException e) {
      throw new UsageException(FROM_FILE + " names " + file + ", which is no text in UTF-8");
    } catch (IOException | InvalidPathException e) {
      throw new UsageException(
          FROM_FILE + " names " + file + ", which does not exist or may not be read");
    }
  }

  private static String withoutLastLineBreak(String text) {
    return text.replaceFirst("\\r?\\n\\z", "");
  }
}
