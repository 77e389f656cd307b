/**
 * The node among the others: subscriptions by demand, gaps, commands to all nodes, signs of life
 * and what follows when one stops giving them. Start at {@code NodeBus} and {@code NodeMembership}.
 */
@NullMarked
package dev.realtime4j.server.internal.cluster;

import org.jspecify.annotations.NullMarked;
