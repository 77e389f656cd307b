package dev.realtime4j.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.TokenProvider;
import dev.realtime4j.client.internal.connection.Effect;
import dev.realtime4j.client.internal.connection.ProvidedTokens;
import dev.realtime4j.client.internal.connection.Signal;
import dev.realtime4j.client.internal.connection.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokensTest {
  private final Rig rig = new Rig();

  private void renewalIsDue(FakeSocket socket) {
    socket.push("token_expired", "grace_ms", 30_000);
    rig.settle();
  }

  @Test
  void a_provider_that_hangs_does_not_get_ever_more_threads() {
    List<Runnable> started = new ArrayList<>();
    CountDownLatch never = new CountDownLatch(1);
    List<String> answers = new ArrayList<>();
    TokenProvider hanging =
        () -> {
          while (true) {
            try {
              never.await();
              return "late";
            } catch (InterruptedException stubborn) {
              continue;
            }
          }
        };
    Tokens tokens =
        new Tokens(
            rig.loop,
            task -> {
              started.add(task);
              onAThreadOfItsOwn(task);
            },
            new ProvidedTokens(hanging),
            Duration.ofSeconds(10));

    for (int i = 0; i < ProvidedTokens.MOST_HANGING + 3; i++) {
      tokens.next(
          Effect.TokenStanding.GOOD, (token, failure) -> answers.add(String.valueOf(failure)));
      rig.advance(Duration.ofSeconds(11));
    }

    assertThat(started).hasSize(ProvidedTokens.MOST_HANGING);
    assertThat(answers)
        .hasSize(ProvidedTokens.MOST_HANGING + 3)
        .allMatch(a -> a.contains("not answer"));
    never.countDown();
  }

  private static Thread onAThreadOfItsOwn(Runnable task) {
    Thread thread = new Thread(task, "provider");
    thread.setDaemon(true);
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);
    return thread;
  }

  @Test
  void a_provider_that_takes_too_long_is_interrupted() {
    List<Thread> threads = new ArrayList<>();
    CountDownLatch never = new CountDownLatch(1);
    List<String> answers = new ArrayList<>();
    Tokens tokens =
        new Tokens(
            rig.loop,
            task -> threads.add(onAThreadOfItsOwn(task)),
            new ProvidedTokens(
                () -> {
                  never.await();
                  return "late";
                }),
            Duration.ofSeconds(10));

    for (int i = 0; i < ProvidedTokens.MOST_HANGING + 3; i++) {
      tokens.next(
          Effect.TokenStanding.GOOD, (token, failure) -> answers.add(String.valueOf(failure)));
      rig.advance(Duration.ofSeconds(11));
      await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    assertThat(threads).hasSize(ProvidedTokens.MOST_HANGING + 3);
    assertThat(answers).hasSize(threads.size()).allMatch(a -> a.contains("did not answer"));
  }

  @Test
  void what_a_provider_throws_is_what_is_told() {
    IllegalStateException mine = new IllegalStateException("no network");
    List<Throwable> failures = new ArrayList<>();
    ProvidedTokens provided =
        new ProvidedTokens(
            () -> {
              throw mine;
            });
    provided
        .ask(Effect.TokenStanding.GOOD, Runnable::run)
        .whenComplete((token, failure) -> failures.add(failure));
    assertThat(failures).containsExactly(mine);
  }

  @Test
  void who_needs_a_token_while_one_is_asked_for_waits_for_that_one() {
    CompletableFuture<String> slow = new CompletableFuture<>();
    rig.nextToken = slow;
    rig.driver.connect();
    rig.settle();
    rig.driver.signal(new Signal.NetworkChanged());
    rig.driver.signal(new Signal.Pause());
    rig.driver.signal(new Signal.Resume());
    rig.settle();
    assertThat(rig.tokensAsked).isEqualTo(1);
    slow.complete("late");
    rig.settle();
    assertThat(rig.tokensAsked).isEqualTo(1);
    assertThat(rig.sockets).as("the attempt that is wanted, not those before").hasSize(1);
    assertThat(rig.socket().token).isEqualTo("late");
  }

  @Test
  void a_renewal_under_way_serves_the_reconnect() {
    FakeSocket socket = rig.connected();
    CompletableFuture<String> slow = new CompletableFuture<>();
    rig.nextToken = slow;
    renewalIsDue(socket);
    socket.end(1006, "");
    rig.advance(Duration.ofSeconds(1));
    assertThat(rig.tokensAsked).isEqualTo(2);
    slow.complete("renewed");
    rig.settle();
    assertThat(rig.tokensAsked).isEqualTo(2);
    assertThat(rig.socket().token).isEqualTo("renewed");
    assertThat(socket.calls("auth.refresh")).as("the old connection is gone").isEmpty();
  }

  @Test
  void a_token_that_was_asked_for_before_the_last_one_was_refused_is_not_taken_for_a_new_one() {
    Tokens tokens = new Tokens(rig.loop, Runnable::run, rig, Duration.ofSeconds(10));
    CompletableFuture<String> slow = new CompletableFuture<>();
    rig.nextToken = slow;
    StringBuilder told = new StringBuilder();
    tokens.next(Effect.TokenStanding.GOOD, (token, failure) -> told.append("first ").append(token));
    tokens.next(
        Effect.TokenStanding.REFUSED, (token, failure) -> told.append(" second ").append(token));
    rig.nextToken = null;
    slow.complete("old");
    rig.settle();
    assertThat(told).hasToString("first old second token-2");
    assertThat(rig.tokensRefused).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNAUTHORIZED", "FORBIDDEN"})
  void a_user_who_signed_out_ends_the_client_with_the_reason(ErrorCode code) {
    rig.nextToken = CompletableFuture.failedFuture(new RealtimeException(code, "signed out"));
    CompletableFuture<Void> connecting = rig.driver.connect();
    rig.settle();
    assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
    assertThat(rig.lastChange().cause()).hasMessage("signed out");
    assertThat(connecting).isCompletedExceptionally();
    assertThat(rig.sockets).isEmpty();

    rig.nextToken = null;
    rig.connected();
    assertThat(rig.state()).as("signed in again").isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void signing_out_ends_a_living_connection_when_its_token_is_due() {
    FakeSocket socket = rig.connected();
    rig.nextToken =
        CompletableFuture.supplyAsync(
            () -> {
              throw new RealtimeException(ErrorCode.FORBIDDEN, "locked out");
            },
            Runnable::run);
    renewalIsDue(socket);
    assertThat(rig.state()).isEqualTo(ConnectionState.FAILED);
    assertThat(rig.lastChange().cause()).hasMessage("locked out");
    assertThat(socket.aborted).isTrue();
  }

  @Test
  void a_provider_that_fails_for_another_reason_is_asked_again_for_ever() {
    rig.nextToken = CompletableFuture.failedFuture(new IllegalStateException("no network"));
    rig.driver.connect();
    rig.advance(Duration.ofMinutes(10));
    assertThat(rig.state()).isEqualTo(ConnectionState.CONNECTING);
    assertThat(rig.tokensAsked).isGreaterThan(20);
  }
}
