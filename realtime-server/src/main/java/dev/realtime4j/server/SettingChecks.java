package dev.realtime4j.server;

import java.time.Duration;

/** What a setting takes; what it does not is told with its name. */
final class SettingChecks {
  private SettingChecks() {}

  static int within(String setting, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          setting + " must be " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  static Duration positive(String setting, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(setting + " must be longer than nothing, not " + value);
    }
    return value;
  }

  static Duration notNegative(String setting, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(setting + " must not be negative, not " + value);
    }
    return value;
  }
}
