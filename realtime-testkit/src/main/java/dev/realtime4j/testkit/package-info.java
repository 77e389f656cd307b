/**
 * For the tests of an application that embeds the client: a server in the same process, without
 * sockets, in a time that passes when the test says so. Start at {@code FakeRealtimeServer}.
 * Nothing here is for production.
 */
@NullMarked
package dev.realtime4j.testkit;

import org.jspecify.annotations.NullMarked;
