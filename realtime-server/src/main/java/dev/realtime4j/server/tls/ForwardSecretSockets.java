package dev.realtime4j.server.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;

/** Server sockets of a {@link ForwardSecretContext}. */
final class ForwardSecretSockets extends SSLServerSocketFactory {
  private final SSLServerSocketFactory all;

  ForwardSecretSockets(SSLServerSocketFactory all) {
    this.all = all;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return ForwardSecretContext.forwardSecret(all.getDefaultCipherSuites());
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return all.getSupportedCipherSuites();
  }

  @Override
  public ServerSocket createServerSocket() throws IOException {
    return strict(all.createServerSocket());
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return strict(all.createServerSocket(port));
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return strict(all.createServerSocket(port, backlog));
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
      throws IOException {
    return strict(all.createServerSocket(port, backlog, address));
  }

  private static ServerSocket strict(ServerSocket socket) {
    if (socket instanceof SSLServerSocket secure) {
      secure.setEnabledCipherSuites(
          ForwardSecretContext.forwardSecret(secure.getEnabledCipherSuites()));
    }
    return socket;
  }
}
