package io.tlengine.pgcheck.gather.api;

import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which proxy leads to the API server: the kubeconfig's proxy-url, else the environment's, by the
 * rules of kubectl and Helm (Go, golang.org/x/net/http/httpproxy). The library refuses blanks and
 * "*" in NO_PROXY.
 */
final class Proxies {

  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private Proxies() {}

  /**
   * @param fromKubeconfig its proxy-url
   * @throws GatherException USAGE for a proxy that is no URL
   */
  static Optional<URI> of(
      URI server, Optional<String> fromKubeconfig, HelmEnvironment environment) {
    if (fromKubeconfig.isPresent()) {
      return Optional.of(parse("the kubeconfig's proxy-url", fromKubeconfig.get()));
    }
    var name = server.getScheme().equals("https") ? "HTTPS_PROXY" : "HTTP_PROXY";
    var proxy = variable(environment, name);
    return proxy.isEmpty() || excepted(server, variable(environment, "NO_PROXY").orElse(""))
        ? Optional.empty()
        : Optional.of(parse(name, proxy.get()));
  }

  private static Optional<String> variable(HelmEnvironment environment, String name) {
    return environment.nonEmpty(name).or(() -> environment.nonEmpty(name.toLowerCase(Locale.ROOT)));
  }

  private static URI parse(String where, String text) {
    var url = text.contains("://") ? text.strip() : "http://" + text.strip();
    URI proxy;
    try {
      proxy = new URI(url);
    } catch (URISyntaxException e) {
      throw refused(where);
    }
    if (proxy.getHost() == null || proxy.getPort() > 0xffff || proxy.getPort() == 0) {
      throw refused(where);
    }
    if (!proxy.getScheme().equals("http")) {
      throw new GatherException(
          Kind.USAGE,
          where + " is of the kind " + proxy.getScheme() + "; wanted: http://HOST:PORT");
    }
    return proxy.getPort() > 0
        ? proxy
        : URI.create("http://" + proxy.getRawAuthority() + ":" + HTTP);
  }

  /** A proxy's URL may hold a password, so it is not shown. */
  private static GatherException refused(String where) {
    return new GatherException(Kind.USAGE, where + " is no URL; wanted: http://HOST:PORT");
  }

  static boolean excepted(URI server, String list) {
    var host = bare(server.getHost());
    int port =
        server.getPort() > 0 ? server.getPort() : server.getScheme().equals("https") ? HTTPS : HTTP;
    return host.equals("localhost")
        || (ADDRESS.matcher(host).matches()
            && address(host).filter(InetAddress::isLoopbackAddress).isPresent())
        || Arrays.stream(list.split(",", -1))
            .map(e -> e.strip().toLowerCase(Locale.ROOT))
            .filter(e -> !e.isEmpty())
            .anyMatch(e -> e.equals("*") || matches(e, host, port));
  }

  private static boolean matches(String entry, String host, int port) {
    int slash = entry.indexOf('/');
    if (slash > 0) {
      return inNetwork(entry.substring(0, slash), entry.substring(slash + 1), host);
    }
    int colon = entry.lastIndexOf(':');
    boolean withPort = (colon > 0 && entry.indexOf(':') == colon) || entry.contains("]:");
    var name = bare(withPort ? entry.substring(0, colon) : entry);
    if (withPort && !entry.substring(colon + 1).equals(String.valueOf(port))) {
      return false;
    }
    if (ADDRESS.matcher(name).matches() && ADDRESS.matcher(host).matches()) {
      return address(name).isPresent() && address(name).equals(address(host));
    }
    var suffix = name.startsWith("*.") ? name.substring(1) : name;
    return host.equals(suffix) || host.endsWith(suffix.startsWith(".") ? suffix : "." + suffix);
  }

  private static boolean inNetwork(String network, String length, String host) {
    if (!ADDRESS.matcher(network).matches()
        || !ADDRESS.matcher(host).matches()
        || !length.matches("\\d{1,3}")) {
      return false;
    }
    var first = address(network).map(InetAddress::getAddress).orElse(new byte[0]);
    var second = address(host).map(InetAddress::getAddress).orElse(new byte[1]);
    int bits = Integer.parseInt(length);
    if (first.length != second.length || bits > first.length * Byte.SIZE) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> bit % Byte.SIZE;
      if ((first[bit / Byte.SIZE] & mask) != (second[bit / Byte.SIZE] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static String bare(String host) {
    var name = host.toLowerCase(Locale.ROOT);
    return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
  }

  /** Of digits alone: no name is looked up. */
  private static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
