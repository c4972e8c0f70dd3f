package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How many connections the server that the release brings is going to take (PostgreSQL, "Connection
 * Settings": max_connections, superuser_reserved_connections, reserved_connections), by what the
 * manifests set: mounted ConfigMaps, then variables, then the command line.
 *
 * @param set the StatefulSet
 * @param maxConnections PostgreSQL's default where nothing sets it
 * @param reserved of them, for superusers and those who may use reserved connections
 * @param from what sets it
 * @param elsewhere a mounted ConfigMap that the release does not bring: it may set another number
 */
public record PlannedServer(
    String set, int maxConnections, int reserved, String from, Optional<String> elsewhere) {

  private static final String MOST = "max_connections";
  private static final String RESERVED_FOR_SUPERUSERS = "superuser_reserved_connections";
  private static final String RESERVED = "reserved_connections";
  private static final int DEFAULT_MOST = 100;
  private static final int DEFAULT_RESERVED_FOR_SUPERUSERS = 3;

  /** A line of postgresql.conf. */
  private static final Pattern LINE =
      Pattern.compile(
          "(?m)^\\s*((?:superuser_)?reserved_connections|max_connections)"
              + "(?:\\s*=\\s*|\\s+)'?(\\d{1,7})");

  /** -c name=value or --name=value, with - for _ as postgres itself takes it. */
  private static final Pattern ARGUMENT =
      Pattern.compile(
          "(?:^|[\\s-])((?:superuser[_-])?reserved[_-]connections|max[_-]connections)"
              + "=(\\d{1,7})");

  /** Of images that write postgresql.conf by themselves. */
  private static final Pattern VARIABLE = Pattern.compile("POSTGRES(QL)?_MAX_CONNECTIONS");

  /** Of the plan's first set that runs PostgreSQL. */
  static Optional<PlannedServer> read(List<HasMetadata> manifests, List<DatabaseSet> sets) {
    return sets.stream()
        .findFirst()
        .flatMap(
            database ->
                manifests.stream()
                    .filter(StatefulSet.class::isInstance)
                    .map(StatefulSet.class::cast)
                    .filter(s -> s.getMetadata().getName().equals(database.name()))
                    .findFirst()
                    .map(s -> read(manifests, s, database.container())));
  }

  private record Setting(String name, int value, String from) {}

  private static PlannedServer read(
      List<HasMetadata> manifests, StatefulSet set, String containerName) {
    var name = set.getMetadata().getName();
    Map<String, ConfigMap> brought =
        manifests.stream()
            .filter(ConfigMap.class::isInstance)
            .map(ConfigMap.class::cast)
            .collect(Collectors.toMap(c -> c.getMetadata().getName(), c -> c, (a, b) -> a));
    var mounted = mounted(set);
    var container =
        set.getSpec().getTemplate().getSpec().getContainers().stream()
            .filter(c -> c.getName().equals(containerName))
            .findFirst()
            .orElseThrow();
    var settings =
        Stream.of(
                mounted.stream()
                    .flatMap(c -> Optional.ofNullable(brought.get(c)).stream())
                    .flatMap(PlannedServer::settings),
                variables(name, container),
                matches(ARGUMENT, words(container), "StatefulSet/" + name))
            .flatMap(Function.identity())
            .toList();
    var most = last(settings, MOST);
    int reserved =
        last(settings, RESERVED_FOR_SUPERUSERS)
                .map(Setting::value)
                .orElse(DEFAULT_RESERVED_FOR_SUPERUSERS)
            + last(settings, RESERVED).map(Setting::value).orElse(0);
    return new PlannedServer(
        name,
        most.map(Setting::value).orElse(DEFAULT_MOST),
        reserved,
        most.map(Setting::from).orElse("PostgreSQL's default"),
        mounted.stream().filter(m -> !brought.containsKey(m)).findFirst());
  }

  private static List<String> mounted(StatefulSet set) {
    var names = new ArrayList<String>();
    for (var volume : set.getSpec().getTemplate().getSpec().getVolumes()) {
      if (volume.getConfigMap() != null) {
        names.add(volume.getConfigMap().getName());
      }
      if (volume.getProjected() != null) {
        volume.getProjected().getSources().stream()
            .filter(s -> s.getConfigMap() != null)
            .forEach(s -> names.add(s.getConfigMap().getName()));
      }
    }
    return names;
  }

  private static Stream<Setting> settings(ConfigMap configMap) {
    var from = "ConfigMap/" + configMap.getMetadata().getName();
    return configMap.getData().values().stream().flatMap(text -> matches(LINE, text, from));
  }

  private static Stream<Setting> variables(String set, Container container) {
    return container.getEnv().stream()
        .filter(e -> VARIABLE.matcher(e.getName()).matches() && e.getValue() != null)
        .filter(e -> e.getValue().matches("\\d{1,7}"))
        .map(e -> new Setting(MOST, Integer.parseInt(e.getValue()), "StatefulSet/" + set));
  }

  private static String words(Container container) {
    return Stream.concat(container.getCommand().stream(), container.getArgs().stream())
        .filter(Objects::nonNull)
        .collect(Collectors.joining(" "));
  }

  private static Stream<Setting> matches(Pattern pattern, String text, String from) {
    return pattern
        .matcher(text)
        .results()
        .map(m -> new Setting(m.group(1).replace('-', '_'), Integer.parseInt(m.group(2)), from));
  }

  /** The last one wins, as in postgresql.conf and on the command line. */
  private static Optional<Setting> last(List<Setting> settings, String name) {
    return settings.stream().filter(s -> s.name().equals(name)).reduce((a, b) -> b);
  }
}
