package io.tlengine.pgcheck.gather.api;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What the kubeconfig files say together, merged as kubectl does it: of entries with the same name
 * the first counts. Errors name the file or the entry.
 */
final class Kubeconfig {

  /** Something with a name, and the file that it stands in: paths in it are relative to that. */
  record Entry<T>(T value, Path file) {}

  /**
   * The chosen context.
   *
   * @param user empty: nobody logs in
   */
  record Chosen(Entry<Cluster> cluster, Entry<AuthInfo> user) {}

  private final List<Path> files;
  private final Map<String, Entry<Context>> contexts = new LinkedHashMap<>();
  private final Map<String, Entry<Cluster>> clusters = new LinkedHashMap<>();
  private final Map<String, Entry<AuthInfo>> users = new LinkedHashMap<>();
  private String current = "";

  private Kubeconfig(List<Path> files) {
    this.files = files;
  }

  /**
   * The files that the user named, or the default one.
   *
   * @return empty when there is none at all: a pod's account, perhaps
   * @throws GatherException USAGE for a file that cannot be used
   */
  static Optional<Kubeconfig> read(HelmEnvironment environment) {
    var named = environment.nonEmpty("KUBECONFIG");
    var files = named.map(Kubeconfig::paths).orElseGet(() -> byDefault(environment));
    if (files.isEmpty()) {
      return Optional.empty();
    }
    // Of several files some may be missing, as for kubectl.
    var there = files.stream().filter(Files::exists).toList();
    var kubeconfig = new Kubeconfig(there.isEmpty() ? files : there);
    kubeconfig.files.forEach(kubeconfig::add);
    if (kubeconfig.clusters.isEmpty()) {
      throw kubeconfig.refused(
          "names no cluster; wanted: a file as kubectl writes it (kubectl config view)");
    }
    return Optional.of(kubeconfig);
  }

  private static List<Path> paths(String list) {
    try {
      return Arrays.stream(list.split(File.pathSeparator))
          .filter(p -> !p.isEmpty())
          .map(Path::of)
          .toList();
    } catch (InvalidPathException e) {
      throw new GatherException(Kind.USAGE, "KUBECONFIG is no list of files: " + Failure.of(e));
    }
  }

  private static List<Path> byDefault(HelmEnvironment environment) {
    return environment
        .nonEmpty("HOME")
        .map(home -> Path.of(home, ".kube", "config"))
        .filter(Files::exists)
        .map(List::of)
        .orElse(List.of());
  }

  private void add(Path file) {
    var config = parsed(file);
    if (config.isEmpty()) {
      return;
    }
    var found = config.get();
    if (current.isEmpty() && found.getCurrentContext() != null) {
      current = found.getCurrentContext();
    }
    collect(file, found.getContexts(), c -> c.getName(), c -> c.getContext(), contexts);
    collect(file, found.getClusters(), c -> c.getName(), c -> c.getCluster(), clusters);
    collect(file, found.getUsers(), u -> u.getName(), u -> u.getUser(), users);
  }

  private static <N, T> void collect(
      Path file,
      List<N> entries,
      Function<N, String> name,
      Function<N, T> value,
      Map<String, Entry<T>> into) {
    for (var entry : Optional.ofNullable(entries).orElse(List.of())) {
      if (entry != null && name.apply(entry) != null && value.apply(entry) != null) {
        into.putIfAbsent(name.apply(entry), new Entry<>(value.apply(entry), file));
      }
    }
  }

  /** Empty for an empty file. */
  private static Optional<Config> parsed(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new GatherException(
          Kind.USAGE,
          "the kubeconfig "
              + file
              + (Files.isDirectory(file)
                  ? " is a folder"
                  : Files.exists(file) ? " may not be read" : " does not exist")
              + "; set KUBECONFIG or --kubeconfig to a readable file");
    }
    try {
      // The library stumbles over an empty file.
      return Files.size(file) == 0
          ? Optional.empty()
          : Optional.ofNullable(KubeConfigUtils.parseConfig(file.toFile()));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // The YAML parser throws exceptions of its own, which the library does not wrap. Their text
      // may be a line of the file, and so a key.
      throw new GatherException(
          Kind.USAGE,
          "the kubeconfig "
              + file
              + " is not valid YAML, or no kubeconfig; try: kubectl config view --kubeconfig "
              + file);
    }
  }

  /**
   * @param wanted empty: the current one
   * @throws GatherException USAGE when it, its cluster or its user is not there
   */
  Chosen choose(Optional<String> wanted) {
    var name = wanted.orElse(current);
    if (name.isEmpty()) {
      throw refused("has no current-context; choose one with --kube-context; it has " + names());
    }
    var context = contexts.get(name);
    if (context == null) {
      throw refused("has no context " + name + "; it has " + names());
    }
    var cluster = clusters.get(text(context.value().getCluster()));
    if (cluster == null) {
      throw refused(
          "has no cluster "
              + text(context.value().getCluster())
              + ", which the context "
              + name
              + " names; it has "
              + new TreeSet<>(clusters.keySet()));
    }
    var userName = text(context.value().getUser());
    var user = users.get(userName);
    if (user == null && !userName.isEmpty()) {
      throw refused(
          "has no user "
              + userName
              + ", which the context "
              + name
              + " names; it has "
              + new TreeSet<>(users.keySet()));
    }
    return new Chosen(cluster, user == null ? new Entry<>(new AuthInfo(), context.file()) : user);
  }

  private List<String> names() {
    return new ArrayList<>(new TreeSet<>(contexts.keySet()));
  }

  private static String text(String value) {
    return Optional.ofNullable(value).orElse("");
  }

  private GatherException refused(String why) {
    return new GatherException(
        Kind.USAGE,
        "the kubeconfig "
            + String.join(File.pathSeparator, files.stream().map(Path::toString).toList())
            + " "
            + why);
  }
}
