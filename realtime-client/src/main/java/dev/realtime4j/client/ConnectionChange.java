package dev.realtime4j.client;

import dev.realtime4j.api.RealtimeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A step of the connection. Several of the same state may follow each other: each failed attempt is
 * one.
 *
 * @param state the state of the connection now
 * @param attempt which attempt is next, in progress or done; 1 for the first since the last stable
 *     connection
 * @param delay how long the client waits before it; zero when it does not wait
 * @param cause why the connection or the last attempt ended; null when nothing went wrong
 */
public record ConnectionChange(
    ConnectionState state, int attempt, Duration delay, @Nullable RealtimeException cause) {}
