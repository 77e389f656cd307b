package dev.realtime4j.client.internal.websocket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which ways lead to a server: by a proxy or directly. Thread safety: as the selector's. */
public final class ProxyChoice {
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  /** Always the same proxy. */
  private static final class Fixed extends ProxySelector {
    private final Proxy proxy;

    Fixed(Proxy proxy) {
      this.proxy = proxy;
    }

    @Override
    public List<Proxy> select(URI uri) {
      return List.of(proxy);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // The attempt fails with it: there is no other way to choose.
    }
  }

  private final @Nullable ProxySelector chosen;

  /** Chooses the same proxy for everybody. */
  public static ProxySelector always(Proxy proxy) {
    return new Fixed(proxy);
  }

  /**
   * @param chosen null for the JVM's default, as it is at each attempt
   */
  ProxyChoice(@Nullable ProxySelector chosen) {
    this.chosen = chosen;
  }

  /** In the order in which they are to be tried; never empty. */
  List<Proxy> of(Endpoint endpoint) throws IOException {
    ProxySelector selector = selector();
    if (selector == null) {
      return DIRECT;
    }
    try {
      List<Proxy> proxies = selector.select(asked(endpoint));
      return proxies == null || proxies.isEmpty() ? DIRECT : proxies;
    } catch (RuntimeException e) {
      throw new IOException("the ProxySelector failed for " + endpoint.authority() + ": " + e, e);
    }
  }

  /** Lets the selector learn that a proxy did not do. */
  void failed(Endpoint endpoint, Proxy proxy, IOException failure) {
    ProxySelector selector = selector();
    if (selector != null && proxy.address() instanceof InetSocketAddress address) {
      selector.connectFailed(asked(endpoint), address, failure);
    }
  }

  private @Nullable ProxySelector selector() {
    return chosen == null ? ProxySelector.getDefault() : chosen;
  }

  /** Selectors, the JVM's among them, know the schemes of HTTP only. */
  private static URI asked(Endpoint endpoint) {
    return URI.create((endpoint.tls() ? "https://" : "http://") + endpoint.authority() + "/");
  }
}
