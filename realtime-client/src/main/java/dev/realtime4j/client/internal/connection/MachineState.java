package dev.realtime4j.client.internal.connection;

import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.internal.connection.Effect.TokenStanding;

/**
 * Where the connection stands, in all detail.
 *
 * @param state as the application sees it
 * @param step as the loop sees it
 * @param generation grows with every attempt
 * @param failures how many attempts failed since the last stable connection
 * @param token how the last token did
 * @param heldBack whether the server asked for the wait that is under way
 */
public record MachineState(
    ConnectionState state,
    Step step,
    long generation,
    int failures,
    TokenStanding token,
    boolean heldBack) {
  /** What is under way. */
  public enum Step {
    /** Nothing. */
    RESTING,
    /** The backoff. */
    WAITING,
    /** Token, socket, handshake. */
    OPENING,
    /** The welcome is there; rooms, presence and watches are on their way back. */
    RESTORING,
    /** The connection is up. */
    UP
  }

  public static final MachineState INITIAL =
      new MachineState(ConnectionState.IDLE, Step.RESTING, 0, 0, TokenStanding.GOOD, false);

  boolean isConnecting() {
    return state == ConnectionState.CONNECTING || state == ConnectionState.RECONNECTING;
  }

  MachineState at(ConnectionState nextState, Step nextStep) {
    return new MachineState(nextState, nextStep, generation, failures, token, false);
  }

  MachineState nextGeneration() {
    return new MachineState(state, step, generation + 1, failures, token, heldBack);
  }

  MachineState withFailures(int count) {
    return new MachineState(state, step, generation, count, token, heldBack);
  }

  MachineState withToken(TokenStanding standing) {
    return new MachineState(state, step, generation, failures, standing, heldBack);
  }

  MachineState heldBack(boolean byServer) {
    return new MachineState(state, step, generation, failures, token, byServer);
  }
}
