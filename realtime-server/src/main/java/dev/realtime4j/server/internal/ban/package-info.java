/** Bans and disconnects of users, on all nodes. Start at {@code BanFeature}. */
@NullMarked
package dev.realtime4j.server.internal.ban;

import org.jspecify.annotations.NullMarked;
