package dev.realtime4j.client.internal.call;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/** Calls of the application that wait to be sent, and how much that is. Used by the loop only. */
final class WaitingCalls {
  private final Deque<Call<?>> calls = new ArrayDeque<>();
  private int chars;

  boolean hasRoomFor(Call<?> call) {
    return calls.size() < Calls.MAX_WAITING && chars + call.size() <= Calls.MAX_WAITING_CHARS;
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  void add(Call<?> call) {
    calls.addLast(call);
    chars += call.size();
  }

  /** Puts back one that was sent before; it had its room already. */
  void putBack(Call<?> call) {
    calls.addFirst(call);
    chars += call.size();
  }

  /** The one that {@link #take} takes. */
  Call<?> next() {
    return calls.element();
  }

  Call<?> take() {
    Call<?> call = calls.removeFirst();
    chars -= call.size();
    return call;
  }

  void remove(Call<?> call) {
    if (calls.remove(call)) {
      chars -= call.size();
    }
  }

  List<Call<?>> takeAll() {
    List<Call<?>> all = new ArrayList<>(calls);
    calls.clear();
    chars = 0;
    return all;
  }

  /** Those that were sent before and change the desired state. */
  List<Call<?>> takeSentStateful() {
    List<Call<?>> sent =
        calls.stream()
            .<Call<?>>map(call -> call)
            .filter(call -> call.id != null && call.isStateful())
            .collect(Collectors.toList());
    sent.forEach(this::remove);
    return sent;
  }
}
