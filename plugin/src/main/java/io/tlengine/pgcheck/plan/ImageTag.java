package io.tlengine.pgcheck.plan;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image's name and tag, of a reference such as {@code registry.example.com:5000/postgres:17.5}.
 * A digest behind the tag is left out: a reference with a digest alone has no tag.
 */
public record ImageTag(String repository, String tag) {

  /** The colon of a port has a slash behind it, that of a digest an @ before it. */
  private static final Pattern REFERENCE = Pattern.compile("([^@]+):([^:/@]+)(?:@.*)?");

  /** Of an extension's image whose own version comes first: 2.17.0-pg16, or pg17. */
  private static final Pattern NAMED = Pattern.compile("(?:^|.*[-_.])pg(\\d\\d)(?!\\d).*");

  /** 17, 17.5 and 17.5-alpine; no date, and no version below the first of two digits, 10. */
  private static final Pattern LEADING = Pattern.compile("([1-9]\\d)(?!\\d).*");

  private static final Pattern SUFFIX = Pattern.compile("[\\d.]+(-.*)");

  public static Optional<ImageTag> of(String image) {
    return Optional.of(REFERENCE.matcher(image))
        .filter(Matcher::matches)
        .map(m -> new ImageTag(m.group(1), m.group(2)));
  }

  /** The major version of PostgreSQL that the tag names, if it names one. */
  public Optional<String> postgresMajor() {
    return group(NAMED).or(() -> ofPostgres() ? group(LEADING) : Optional.empty());
  }

  /** The same with another major: 17-alpine of 15.2-alpine. */
  public String withMajor(String major) {
    return group(NAMED).isPresent()
        ? tag.replaceFirst("((?:^|[-_.])pg)\\d\\d", "$1" + major)
        : major + group(SUFFIX).orElse("");
  }

  /** Others count versions of their own: citus:13 is no PostgreSQL 13. */
  private boolean ofPostgres() {
    return repository.substring(repository.lastIndexOf('/') + 1).contains("postg");
  }

  private Optional<String> group(Pattern pattern) {
    return Optional.of(pattern.matcher(tag)).filter(Matcher::matches).map(m -> m.group(1));
  }
}
