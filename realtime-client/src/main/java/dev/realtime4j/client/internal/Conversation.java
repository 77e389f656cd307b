package dev.realtime4j.client.internal;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of the client do when a connection is there, and when it is gone. Used by the loop
 * only.
 */
final class Conversation {
  private final Loop loop;
  private final Tokens tokens;
  private final Calls calls;
  private final Acks acks;
  private final Inbox inbox;
  private final Desired desired;
  private final Router router;
  private final Consumer<Runnable> callbacks;
  private final Broadcasts broadcasts;
  private @Nullable TokenRenewal renewal;
  private @Nullable Restoration restoration;

  Conversation(
      Loop loop,
      Tokens tokens,
      Calls calls,
      Acks acks,
      Inbox inbox,
      Desired desired,
      Router router,
      Consumer<Runnable> callbacks,
      Broadcasts broadcasts) {
    this.loop = loop;
    this.tokens = tokens;
    this.calls = calls;
    this.acks = acks;
    this.inbox = inbox;
    this.desired = desired;
    this.router = router;
    this.callbacks = callbacks;
    this.broadcasts = broadcasts;
  }

  /** The server has welcomed us. */
  void begin(Welcome welcome, Calls.Sender sender) {
    inbox.welcomed(welcome);
    calls.connected(sender);
    acks.connected();
    renewal = new TokenRenewal(loop, calls, tokens);
    renewal.expires(welcome.tokenExpiresAt());
    if (welcome.unread() != null) {
      router.unread(welcome.unread());
    }
  }

  /** Brings back what the application wants to hold. */
  void restore(Runnable restored) {
    restoration =
        new Restoration(
            loop,
            calls,
            desired,
            lost -> callbacks.accept(() -> broadcasts.roomLost.tell(lost)),
            router::presence,
            restored);
    restoration.begin();
  }

  void tokenExpired() {
    if (renewal != null) {
      renewal.expired();
    }
  }

  /** The connection is gone; the calls are sorted out apart. */
  void end() {
    if (renewal != null) {
      renewal.drop();
      renewal = null;
    }
    if (restoration != null) {
      restoration.drop();
      restoration = null;
    }
    inbox.offline();
    acks.offline();
  }
}
