package dev.realtime4j.client.internal;

import dev.realtime4j.client.internal.call.Calls;
import dev.realtime4j.client.internal.connection.DisconnectReason;
import dev.realtime4j.client.internal.connection.TokenRenewal;
import dev.realtime4j.client.internal.connection.Tokens;
import dev.realtime4j.client.internal.connection.Welcome;
import dev.realtime4j.client.internal.desired.DesiredState;
import dev.realtime4j.client.internal.desired.Restoration;
import dev.realtime4j.client.internal.loop.ApplicationListeners;
import dev.realtime4j.client.internal.loop.Loop;
import dev.realtime4j.client.internal.notification.Acks;
import dev.realtime4j.client.internal.notification.Arrivals;
import dev.realtime4j.client.internal.notification.InboxViews;
import dev.realtime4j.protocol.Frame;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of the client do when a connection is there, and when it is gone. Used by the loop
 * only.
 */
final class ActiveConnection {
  private final Loop loop;
  private final Tokens tokens;
  private final Calls calls;
  private final Acks acks;
  private final Arrivals arrivals;
  private final InboxViews views;
  private final DesiredState desired;
  private final Router router;
  private final Consumer<Runnable> callbacks;
  private final ApplicationListeners listeners;
  private final Consumer<DisconnectReason> end;
  private @Nullable TokenRenewal renewal;
  private @Nullable Restoration restoration;

  ActiveConnection(
      Loop loop,
      Tokens tokens,
      Calls calls,
      Acks acks,
      Arrivals arrivals,
      InboxViews views,
      DesiredState desired,
      Router router,
      Consumer<Runnable> callbacks,
      ApplicationListeners listeners,
      Consumer<DisconnectReason> end) {
    this.loop = loop;
    this.tokens = tokens;
    this.calls = calls;
    this.acks = acks;
    this.arrivals = arrivals;
    this.views = views;
    this.desired = desired;
    this.router = router;
    this.callbacks = callbacks;
    this.listeners = listeners;
    this.end = end;
  }

  /** The server has welcomed us. */
  void begin(Welcome welcome, Calls.Sender sender) {
    arrivals.welcomed(welcome);
    calls.connected(sender);
    acks.connected();
    renewal = new TokenRenewal(loop, calls, tokens, end);
    renewal.taken(welcome.tokenEnd());
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
            lost -> callbacks.accept(() -> listeners.roomLost.tell(lost)),
            router::presence,
            restored);
    restoration.begin();
  }

  void heard(Frame frame) {
    if (frame instanceof Frame.Event event) {
      router.route(event);
    } else if (frame instanceof Frame.Result result) {
      calls.answered(result);
    } else if (frame instanceof Frame.Failure failure) {
      calls.answered(failure);
    }
  }

  /** All is as the application wants it. */
  void online() {
    calls.online();
    views.online();
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
    arrivals.offline();
    views.offline();
    acks.offline();
  }
}
