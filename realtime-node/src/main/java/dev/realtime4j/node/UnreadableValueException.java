package dev.realtime4j.node;

/** A text is not a value of its kind; the message says what to use instead. */
final class UnreadableValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableValueException(String remedy) {
    super(remedy, null, false, false);
  }
}
