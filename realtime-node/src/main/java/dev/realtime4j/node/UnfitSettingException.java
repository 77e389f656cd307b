package dev.realtime4j.node;

/** A variable of the environment is missing, unknown, or not what it has to be. */
final class UnfitSettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param variable which
   * @param remedy what is wrong and what to do; never the value of a secret
   */
  UnfitSettingException(String variable, String remedy) {
    super(variable + " " + remedy.lines().findFirst().orElse(""), null, false, false);
  }
}
