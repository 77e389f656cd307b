package dev.realtime4j.server.internal.session.call;

import java.util.concurrent.CompletionStage;

/** What a method gives back: the answer, or the promise of one. */
public sealed interface Reply permits Answer, Reply.Pending {
  /**
   * An answer that comes later. The next messages of the socket are handled meanwhile.
   *
   * @param answer fails as a method would
   */
  record Pending(CompletionStage<Answer> answer) implements Reply {}
}
