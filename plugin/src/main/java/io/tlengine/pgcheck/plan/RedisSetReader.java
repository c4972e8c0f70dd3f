package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Recognises a StatefulSet that runs Redis by what its container runs. */
public final class RedisSetReader {

  /** Set by charts/redis-lab: what a release's own set runs, where it is no PostgreSQL. */
  public static final String ANNOTATION = "pgcheck.io/database";

  public static final String REDIS = "redis";

  private static final int REDIS_PORT = 6379;
  private static final String OFFICIAL_DATA_DIRECTORY = "/data";

  /** The last part of an image's name, without tag and digest. */
  private static final Pattern IMAGE = Pattern.compile("(.*/)?redis[^/:@]*([:@].*)?");

  private RedisSetReader() {}

  public static Optional<DatabaseSet> read(StatefulSet set) {
    return set.getSpec().getTemplate().getSpec().getContainers().stream()
        .filter(RedisSetReader::runsRedis)
        .findFirst()
        .map(c -> read(set, c));
  }

  private static DatabaseSet read(StatefulSet set, Container container) {
    return new DatabaseSet(
        set.getMetadata().getName(),
        DatabaseSetReader.replicas(set),
        DatabaseSetReader.firstOrdinal(set),
        container.getName(),
        port(container),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        DatabaseSetReader.claimTemplate(set, container, directory(container)));
  }

  /** An exporter beside it has an image of that name, too, and another port. */
  private static boolean runsRedis(Container container) {
    boolean named =
        Stream.concat(container.getCommand().stream(), container.getArgs().stream())
            .anyMatch(w -> w.contains("redis-server"));
    boolean listens =
        container.getPorts().isEmpty()
            || container.getPorts().stream()
                .anyMatch(p -> p.getContainerPort() == REDIS_PORT || REDIS.equals(p.getName()));
    return named
        || (listens
            && container.getImage() != null
            && IMAGE.matcher(container.getImage()).matches());
  }

  private static int port(Container container) {
    return container.getPorts().stream()
        .filter(p -> p.getContainerPort() == REDIS_PORT || REDIS.equals(p.getName()))
        .findFirst()
        .map(p -> p.getContainerPort())
        .orElse(REDIS_PORT);
  }

  /** The word behind --dir, as on redis-server's command line. */
  private static String directory(Container container) {
    var words =
        Stream.concat(container.getCommand().stream(), container.getArgs().stream()).toList();
    int dir = words.indexOf("--dir");
    return dir >= 0 && dir + 1 < words.size() ? words.get(dir + 1) : OFFICIAL_DATA_DIRECTORY;
  }
}
