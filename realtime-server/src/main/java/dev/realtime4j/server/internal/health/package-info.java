/**
 * What is wrong with the node and lasts, for the operator: any part may report and clear it. Names
 * no other package of the server. Start at {@code Problems}.
 */
@NullMarked
package dev.realtime4j.server.internal.health;

import org.jspecify.annotations.NullMarked;
