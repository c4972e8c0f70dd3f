package io.tlengine.pgcheck.plan;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a Neon host name says (neon.com/docs/connect/connect-from-any-app): {@code
 * ENDPOINT[-pooler].[CELL.]REGION.PLATFORM.neon.tech}. Only the first label tells the endpoint and
 * the pooler; newer names have a cell label behind it.
 *
 * @param endpoint for example ep-cool-dawn-a1b2c3d4, without -pooler
 * @param pooled the name leads through Neon's PgBouncer, which pools by transaction
 * @param region with its platform, for example eu-central-1.aws
 */
public record NeonHost(String endpoint, boolean pooled, String region) {

  /** The domain of all its hosts, and of its certificates. */
  public static final String DOMAIN = ".neon.tech";

  private static final String POOLER = "-pooler";
  private static final Pattern HOST =
      Pattern.compile("(ep-[a-z0-9-]+)\\.(?:c-\\d+\\.)?([a-z0-9-]+\\.[a-z0-9]+)\\.neon\\.tech");

  /** Empty for any other host. */
  public static Optional<NeonHost> parse(String host) {
    var matcher = HOST.matcher(host.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var label = matcher.group(1);
    boolean pooled = label.endsWith(POOLER);
    return Optional.of(
        new NeonHost(
            pooled ? label.substring(0, label.length() - POOLER.length()) : label,
            pooled,
            matcher.group(2)));
  }
}
