package io.tlengine.pgcheck.gather.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Properties;
import javax.net.SocketFactory;

/** Opens and closes TCP connections, and hands an open one to the JDBC driver. */
final class Sockets {

  private Sockets() {}

  /** A connection; it is closed when it cannot be opened in time. */
  static Socket open(InetAddress address, int port, Duration timeout) throws IOException {
    var socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address, port), Math.toIntExact(timeout.toMillis()));
      return socket;
    } catch (IOException e) {
      close(socket);
      throw e;
    }
  }

  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // The other side is gone already.
    }
  }

  /**
   * The factory that the driver makes by its class name. The driver can only be given texts, so the
   * open connection comes by the scope of the call.
   */
  public static final class Handed extends SocketFactory {

    static final ScopedValue<Socket> SOCKET = ScopedValue.newInstance();

    public Handed(Properties properties) {
      // Of the driver's three constructors to choose from this is the first.
    }

    @Override
    public Socket createSocket() {
      return SOCKET.get();
    }

    @Override
    public Socket createSocket(String host, int port) throws UnknownHostException {
      throw onlyHanded();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws UnknownHostException {
      throw onlyHanded();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws UnknownHostException {
      throw onlyHanded();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws UnknownHostException {
      throw onlyHanded();
    }

    private static UnknownHostException onlyHanded() {
      return new UnknownHostException("this factory opens no connection");
    }
  }
}
