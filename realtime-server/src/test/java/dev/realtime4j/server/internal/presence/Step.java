package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.presence.PresenceStatus;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * One thing that happens to a cluster. A step that makes no sense when it comes changes nothing.
 */
public sealed interface Step {
  int NODES = 3;
  int USERS = 3;

  /** A user opens a socket on a node. */
  record Connect(int node, int user) implements Step {}

  /** One of the open sockets closes, cleanly or not: the node sees both. */
  record End(int socket, int closeCode) implements Step {}

  /** A client sets its user's status. */
  record Choose(int socket, PresenceStatus status) implements Step {}

  /** A node ends without a word, and its sockets with it. */
  record Kill(int node) implements Step {}

  /** A node starts that is not there; one that was killed has the same name again. */
  record Start(int node) implements Step {}

  /** Redis loses everything. */
  record Flush() implements Step {}

  /** Time passes. */
  record Pass(int seconds) implements Step {}

  static Arbitrary<Step> any() {
    Arbitrary<Integer> node = Arbitraries.integers().between(0, NODES - 1);
    Arbitrary<Integer> user = Arbitraries.integers().between(0, USERS - 1);
    Arbitrary<Integer> socket = Arbitraries.integers().between(0, 9);
    return Arbitraries.frequencyOf(
        Tuple.of(6, Combinators.combine(node, user).as(Connect::new)),
        Tuple.of(5, Combinators.combine(socket, Arbitraries.of(1000, 1006)).as(End::new)),
        Tuple.of(
            3,
            Combinators.combine(socket, Arbitraries.of(PresenceStatus.ONLINE, PresenceStatus.BUSY))
                .as(Choose::new)),
        Tuple.of(2, node.map(Kill::new)),
        Tuple.of(3, node.map(Start::new)),
        Tuple.of(1, Arbitraries.create(Flush::new)),
        Tuple.of(8, Arbitraries.of(1, 2, 5, 9, 10, 11, 19, 25, 39, 45).map(Pass::new)));
  }
}
