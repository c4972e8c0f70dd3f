package io.tlengine.pgcheck.plan;

import io.tlengine.pgcheck.plan.DatabaseUrl.Endpoint;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The servers of a connection URI, before the / or in its parameters host, hostaddr and port. */
final class Endpoints {

  private static final int DEFAULT_PORT = 5432;

  private Endpoints() {}

  static List<Endpoint> parse(String authority, Map<String, String> parameters)
      throws MalformedUrlException {
    var hosts = new ArrayList<String>();
    var ports = new ArrayList<String>();
    for (var part : authority.split(",", -1)) {
      int colon = part.indexOf(':', Math.max(part.indexOf(']'), 0));
      hosts.add(host(part));
      ports.add(colon >= 0 ? part.substring(colon + 1) : "");
    }
    if (authority.isEmpty() || authority.startsWith(":")) {
      hosts.clear();
      hosts.addAll(List.of(parameters.getOrDefault("host", "").split(",", -1)));
    }
    var addresses = List.of(parameters.getOrDefault("hostaddr", "").split(",", -1));
    var otherPorts = List.of(parameters.getOrDefault("port", "").split(",", -1));
    boolean onlyAddresses = hosts.stream().allMatch(String::isEmpty);
    var endpoints = new ArrayList<Endpoint>();
    for (int i = 0; i < (onlyAddresses ? addresses.size() : hosts.size()); i++) {
      var address = addresses.size() > i ? addresses.get(i) : "";
      var host = onlyAddresses || hosts.get(i).isEmpty() ? address : hosts.get(i);
      if (host.isEmpty()) {
        throw new MalformedUrlException("the URL names no host");
      }
      if (host.startsWith("/") || host.startsWith("@")) {
        throw new MalformedUrlException(
            "the URL names a socket of this machine, which no pod of another reaches");
      }
      endpoints.add(
          new Endpoint(
              host,
              address.isEmpty() ? host : address,
              port(ports.size() > i ? ports.get(i) : "", otherPorts, i)));
    }
    return endpoints;
  }

  private static String host(String part) throws MalformedUrlException {
    if (part.startsWith("[")) {
      int end = part.indexOf(']');
      if (end < 0) {
        throw new MalformedUrlException("the IPv6 address has no closing ]");
      }
      return part.substring(1, end);
    }
    int colon = part.indexOf(':');
    return DatabaseUrl.decode(colon >= 0 ? part.substring(0, colon) : part, "the host");
  }

  /** One port in the parameter stands for all hosts. */
  private static int port(String written, List<String> others, int i) throws MalformedUrlException {
    var text =
        written.isEmpty()
            ? others.size() == 1 || others.size() <= i ? others.getFirst() : others.get(i)
            : written;
    if (text.isEmpty()) {
      return DEFAULT_PORT;
    }
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // The same word for a number out of range and for no number at all. The text itself may be
      // the tail of an unescaped password, so it is not shown.
    }
    throw new MalformedUrlException(
        "the port is no number from 1 to 65535; a / : or @ in the password must be percent-encoded");
  }
}
