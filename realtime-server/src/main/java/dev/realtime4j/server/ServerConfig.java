package dev.realtime4j.server;

import dev.realtime4j.server.internal.node.NodeConfig;
import java.time.Duration;

/**
 * What a server is made of; nothing of it changes any more.
 *
 * @param node the engine's part
 * @param drainTime over how long clients are spread that a closing server sends away
 * @param processLifetime whether it keeps the process alive
 * @param summary all settings on one line, for the log
 */
record ServerConfig(
    NodeConfig node, Duration drainTime, ProcessLifetime processLifetime, String summary) {}
