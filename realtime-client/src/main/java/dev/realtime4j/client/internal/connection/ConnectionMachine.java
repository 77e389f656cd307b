package dev.realtime4j.client.internal.connection;

import static dev.realtime4j.client.ConnectionState.CLOSED;
import static dev.realtime4j.client.ConnectionState.CONNECTED;
import static dev.realtime4j.client.ConnectionState.CONNECTING;
import static dev.realtime4j.client.ConnectionState.FAILED;
import static dev.realtime4j.client.ConnectionState.IDLE;
import static dev.realtime4j.client.ConnectionState.PAUSED;
import static dev.realtime4j.client.ConnectionState.RECONNECTING;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.internal.connection.Effect.CloseMode;
import dev.realtime4j.client.internal.connection.Effect.TokenStanding;
import dev.realtime4j.client.internal.connection.MachineState.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The life of a connection as a pure function: state and signal in, state and effects out. */
public final class ConnectionMachine {
  private ConnectionMachine() {}

  /** What a signal led to. */
  public record Transition(MachineState state, List<Effect> effects) {
    public Transition {
      effects = List.copyOf(effects);
    }
  }

  public static Transition next(MachineState now, Signal signal) {
    if (now.state() == CLOSED) {
      return nothing(now);
    }
    if (signal instanceof Signal.Connect) {
      return rests(now) ? open(now, CONNECTING) : nothing(now);
    } else if (signal instanceof Signal.Close) {
      return close(now);
    } else if (signal instanceof Signal.Pause) {
      return now.isConnecting() || now.state() == CONNECTED ? pause(now) : nothing(now);
    } else if (signal instanceof Signal.Resume) {
      return now.state() == PAUSED ? open(now, RECONNECTING) : nothing(now);
    } else if (signal instanceof Signal.NetworkChanged) {
      return networkChanged(now);
    } else if (signal instanceof Signal.RetryDue due) {
      return is(now, due.generation(), Step.WAITING) ? retry(now) : nothing(now);
    } else if (signal instanceof Signal.Welcomed welcomed) {
      return is(now, welcomed.generation(), Step.OPENING) ? welcome(now) : nothing(now);
    } else if (signal instanceof Signal.Restored restored) {
      return is(now, restored.generation(), Step.RESTORING) ? up(now) : nothing(now);
    } else if (signal instanceof Signal.Stable stable) {
      return is(now, stable.generation(), Step.UP)
          ? new Transition(now.withFailures(0), List.of())
          : nothing(now);
    } else if (signal instanceof Signal.Lost lost) {
      return lost.generation() == now.generation() && holdsSocket(now)
          ? lost(now, lost)
          : nothing(now);
    }
    throw new IllegalStateException("an unknown signal: " + signal);
  }

  private static boolean rests(MachineState now) {
    return now.state() == IDLE || now.state() == FAILED || now.state() == PAUSED;
  }

  private static boolean is(MachineState now, long generation, Step step) {
    return now.generation() == generation && now.step() == step;
  }

  private static boolean holdsSocket(MachineState now) {
    return now.step() == Step.OPENING || now.step() == Step.RESTORING || now.step() == Step.UP;
  }

  private static Transition nothing(MachineState now) {
    return new Transition(now, List.of());
  }

  private static Transition open(MachineState now, ConnectionState state) {
    MachineState next = now.nextGeneration().withFailures(0).at(state, Step.OPENING);
    return new Transition(
        next,
        List.of(
            announce(next, Duration.ZERO, null), new Effect.Open(next.generation(), now.token())));
  }

  private static Transition retry(MachineState now) {
    MachineState next = now.at(now.state(), Step.OPENING);
    return new Transition(next, List.of(new Effect.Open(next.generation(), next.token())));
  }

  private static Transition welcome(MachineState now) {
    MachineState next = now.withToken(TokenStanding.GOOD).at(now.state(), Step.RESTORING);
    return new Transition(next, List.of(new Effect.Restore(next.generation())));
  }

  private static Transition up(MachineState now) {
    MachineState next = now.at(CONNECTED, Step.UP);
    return new Transition(
        next,
        List.of(
            new Effect.GoOnline(),
            new Effect.AwaitStable(next.generation()),
            announce(next, Duration.ZERO, null)));
  }

  private static Transition pause(MachineState now) {
    MachineState next = now.nextGeneration().withFailures(0).at(PAUSED, Step.RESTING);
    return new Transition(
        next,
        List.of(
            new Effect.Drop(CloseMode.POLITE),
            new Effect.GoOffline(),
            announce(next, Duration.ZERO, null)));
  }

  private static Transition networkChanged(MachineState now) {
    boolean mayTry = now.isConnecting() && !now.heldBack();
    if (!mayTry && now.state() != CONNECTED) {
      return nothing(now); // another network is no reason to come before the server wants us
    }
    ConnectionState state = now.state() == CONNECTING ? CONNECTING : RECONNECTING;
    MachineState next = now.nextGeneration().at(state, Step.OPENING);
    return new Transition(
        next,
        List.of(
            new Effect.Drop(CloseMode.ABRUPT),
            new Effect.GoOffline(),
            announce(next, Duration.ZERO, null),
            new Effect.Open(next.generation(), next.token())));
  }

  private static Transition close(MachineState now) {
    MachineState next = now.nextGeneration().at(CLOSED, Step.RESTING);
    return new Transition(
        next,
        List.of(
            new Effect.Drop(CloseMode.POLITE),
            new Effect.GiveUp(RealtimeException.unavailable("the client is closed", null)),
            announce(next, Duration.ZERO, null)));
  }

  private static Transition lost(MachineState now, Signal.Lost lost) {
    DisconnectReason loss = lost.loss();
    List<Effect> effects = new ArrayList<>();
    effects.add(new Effect.Drop(CloseMode.ABRUPT));
    if (loss.next() == DisconnectReason.Next.GIVE_UP) {
      MachineState next = now.nextGeneration().at(FAILED, Step.RESTING);
      effects.add(new Effect.GiveUp(loss.cause()));
      effects.add(announce(next, Duration.ZERO, loss.cause()));
      return new Transition(next, effects);
    }
    effects.add(new Effect.GoOffline());
    ConnectionState state = now.state() == CONNECTING ? CONNECTING : RECONNECTING;
    if (loss.next() == DisconnectReason.Next.NEW_TOKEN_AT_ONCE
        && now.token() == TokenStanding.GOOD) {
      MachineState next =
          now.nextGeneration().withToken(TokenStanding.REFUSED).at(state, Step.OPENING);
      effects.add(announce(next, Duration.ZERO, loss.cause()));
      effects.add(new Effect.Open(next.generation(), next.token()));
      return new Transition(next, effects);
    }
    Duration delay = loss.floor().plus(lost.delay().apply(now.failures()));
    MachineState next =
        now.nextGeneration()
            .withFailures(now.failures() + 1)
            .withToken(
                loss.next() == DisconnectReason.Next.BACKOFF ? now.token() : TokenStanding.REFUSED)
            .at(state, Step.WAITING)
            .heldBack(!loss.floor().isZero());
    effects.add(new Effect.AwaitRetry(next.generation(), delay));
    effects.add(announce(next, delay, loss.cause()));
    return new Transition(next, effects);
  }

  private static Effect announce(
      MachineState next, Duration delay, @Nullable RealtimeException cause) {
    return new Effect.Announce(
        new ConnectionChange(next.state(), next.failures() + 1, delay, cause));
  }
}
