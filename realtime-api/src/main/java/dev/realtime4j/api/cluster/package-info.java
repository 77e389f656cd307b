/**
 * What nodes share: the bus between them, their signs of life, and the bundle of stores that a
 * cluster brings. No feature is known here. Start at {@link
 * dev.realtime4j.api.cluster.ClusterBackend}.
 */
@NullMarked
package dev.realtime4j.api.cluster;

import org.jspecify.annotations.NullMarked;
