package io.tlengine.violating.check;

import java.io.IOException;
import java.net.Socket;

/** Breaks the rules on purpose: the network, and a class outside facts and plan. */
public final class CheckThatOpensAConnection {

  private CheckThatOpensAConnection() {}

  public static boolean reachable(String host) {
    try (var socket = new Socket(host, 5432)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
