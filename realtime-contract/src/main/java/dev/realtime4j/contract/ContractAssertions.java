package dev.realtime4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the laws say more than once. */
final class ContractAssertions {
  private ContractAssertions() {}

  static void assertBadRequest(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }
}
