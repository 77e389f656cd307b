package dev.realtime4j.server.internal.session;

import java.time.Duration;
import java.util.Set;

/**
 * What one socket, one user and one address may do.
 *
 * @param heartbeatInterval how often the server asks for a sign of life
 * @param heartbeatTimeout how long the client may take to give it
 * @param messagesPerSecond how many messages a user may send for each of their sockets
 * @param messageBurst how many at once after a pause
 * @param messageBudgetsPerUser for how many of their sockets that counts
 * @param maxMessagesPerFrame how many lines a text frame may have
 * @param connectsPerSecondPerUser how often a user may open a socket
 * @param connectsPerSecondPerAddress how often an address may
 * @param maxSocketsPerUser above it their oldest socket is closed
 * @param maxSocketsPerAddress above it new sockets from the address are refused
 * @param outgoingBudgetBytes how much may wait for one socket
 * @param tokenGrace how long an expired token may still be refreshed
 * @param handshakeTimeout how long a handshake may take
 * @param allowedOrigins the browsers' origins that may connect; empty for all
 * @param trustedProxies addresses and networks whose word about the client's address counts
 */
public record SessionLimits(
    Duration heartbeatInterval,
    Duration heartbeatTimeout,
    int messagesPerSecond,
    int messageBurst,
    int messageBudgetsPerUser,
    int maxMessagesPerFrame,
    int connectsPerSecondPerUser,
    int connectsPerSecondPerAddress,
    int maxSocketsPerUser,
    int maxSocketsPerAddress,
    int outgoingBudgetBytes,
    Duration tokenGrace,
    Duration handshakeTimeout,
    Set<String> allowedOrigins,
    Set<String> trustedProxies) {}
