package dev.realtime4j.client.internal;

import dev.realtime4j.client.CursorStore;
import dev.realtime4j.client.OfflinePolicy;
import dev.realtime4j.client.internal.connection.ReconnectDelays;
import dev.realtime4j.client.internal.connection.TokenSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What the application chose.
 *
 * @param endpoints at least one; tried in turn
 * @param tokens where tokens come from
 * @param cursors where the cursor is kept
 * @param offlinePolicy what becomes of calls without a connection
 * @param callTimeout how long an answer may take
 * @param handshakeTimeout from opening the socket to {@code connected}
 * @param delays how long to wait before an attempt
 * @param maxMessageBytes the largest message to send
 */
public record ClientSettings(
    List<URI> endpoints,
    TokenSource tokens,
    CursorStore cursors,
    OfflinePolicy offlinePolicy,
    Duration callTimeout,
    Duration handshakeTimeout,
    ReconnectDelays delays,
    int maxMessageBytes) {
  public ClientSettings {
    endpoints = List.copyOf(endpoints);
  }
}
