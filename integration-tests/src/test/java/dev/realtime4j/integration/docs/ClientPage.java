package dev.realtime4j.integration.docs;

import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.UnreadCount;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.Inbox;
import dev.realtime4j.client.RealtimeClient;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** What docs/client.md shows. */
abstract class ClientPage {
  abstract void show(Notification notification);

  abstract void show(UnreadCount unread, List<Notification> notifications);

  abstract void status(ConnectionState state);

  /** A login of the application. */
  interface Login {
    String freshToken();
  }

  void client(Login session, Path path) {
    // docs:begin
    RealtimeClient client =
        RealtimeClient.builder()
            .endpoint(URI.create("wss://example.org/ws")) // several are tried in turn
            .tokenProvider(() -> session.freshToken()) // may block
            .cursorStore(CursorStore.inFile(path)) // in memory when not called
            .build();
    client.notifications().onNew(notification -> show(notification)); // listeners first
    client.onState(change -> status(change.state()));
    client.connect();
    // docs:end
  }

  void proxies(RealtimeClient.Builder builder, ProxySelector selector) {
    // docs:begin
    builder.proxy(
        new Proxy(Proxy.Type.HTTP, new InetSocketAddress("proxy.example", 3128))); // or SOCKS
    builder.proxy(Proxy.NO_PROXY); // never one
    builder.proxySelector(selector); // asked at each attempt for proxies to try in turn
    // docs:end
  }

  void inbox(RealtimeClient client) {
    // docs:begin
    Inbox inbox = client.notifications().inbox(20); // the newest, 1 to 100
    inbox.onChange(content -> show(content.unread(), content.notifications()));
    // docs:end
  }
}
