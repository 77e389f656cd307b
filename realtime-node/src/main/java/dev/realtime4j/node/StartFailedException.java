package dev.realtime4j.node;

/** The settings are fine, but what they lead to is not there. */
final class StartFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what failed, and what to do
   * @param cause why; the first line of its message is appended
   */
  StartFailedException(String what, Throwable cause) {
    super(what + ": " + firstLine(cause), null, false, false);
  }

  private static String firstLine(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.lines().findFirst().orElse(cause.getClass().getSimpleName());
  }
}
