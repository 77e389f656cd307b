/**
 * The HTTP API: a framework-neutral handler, and its mount on the JDK's HttpServer. One small class
 * for each group of calls; no feature logic lives here. Start at {@link
 * dev.realtime4j.server.http.RealtimeHttp}.
 */
@NullMarked
package dev.realtime4j.server.http;

import org.jspecify.annotations.NullMarked;
