package dev.realtime4j.server.internal.session.handshake;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the authenticator, on threads that do nothing else and for so long only: whoever hangs there
 * delays neither the calls of open sockets nor, while threads are left, other handshakes.
 *
 * <p>What the authenticator throws is logged by class and place, without its message, which may
 * quote the token.
 *
 * <p>Thread safety: any thread.
 */
public final class AuthenticationExecutor {
  private static final Logger log = LoggerFactory.getLogger(AuthenticationExecutor.class);
  private static final Duration RETRY_SOON = Duration.ofSeconds(1);

  private final Authenticator authenticator;
  private final Executor threads;
  private final ScheduledExecutorService timer;
  private final Duration patience;
  private final InstantSource clock;

  /**
   * @param threads with a bound on what waits for them
   * @param patience how long an authentication may take, waiting for a thread included
   */
  public AuthenticationExecutor(
      Authenticator authenticator,
      Executor threads,
      ScheduledExecutorService timer,
      Duration patience,
      InstantSource clock) {
    this.authenticator = authenticator;
    this.threads = threads;
    this.timer = timer;
    this.patience = patience;
    this.clock = clock;
  }

  /**
   * Begins an authentication; never blocks.
   *
   * @return who it is; fails with a {@link RealtimeException} of {@code UNAUTHORIZED}, {@code
   *     FORBIDDEN} or {@code UNAVAILABLE}, and nothing else
   */
  CompletableFuture<Principal> authenticate(Handshake handshake) {
    CompletableFuture<Principal> authentication = new CompletableFuture<>();
    try {
      FutureTask<?> asking = new FutureTask<>(() -> ask(handshake, authentication), null);
      threads.execute(asking);
      Future<?> deadline =
          timer.schedule(
              () -> {
                if (authentication.completeExceptionally(
                    unavailable("the token took too long to check"))) {
                  asking.cancel(true);
                }
              },
              patience.toMillis(),
              TimeUnit.MILLISECONDS);
      authentication.whenComplete((principal, failure) -> deadline.cancel(false));
    } catch (RejectedExecutionException e) {
      authentication.completeExceptionally(unavailable("too many tokens wait to be checked"));
    }
    return authentication;
  }

  private void ask(Handshake handshake, CompletableFuture<Principal> authentication) {
    try {
      Principal principal = authenticator.authenticate(handshake);
      Instant end = principal.expiresAt();
      if (end != null && !clock.instant().isBefore(end)) {
        throw new RealtimeException(ErrorCode.UNAUTHORIZED, "the token has expired");
      }
      authentication.complete(principal);
    } catch (RealtimeException e) {
      authentication.completeExceptionally(
          switch (e.code()) {
            case UNAUTHORIZED, FORBIDDEN, UNAVAILABLE -> e;
            default -> failed(e);
          });
    } catch (Throwable e) {
      authentication.completeExceptionally(failed(e));
    }
  }

  private static RealtimeException failed(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    StackTraceElement[] frames = root.getStackTrace();
    log.warn(
        "The authenticator failed with {}, from {} at {}; answered 503",
        e.getClass().getName(),
        root.getClass().getName(),
        frames.length == 0 ? "an unknown place" : frames[0]);
    return unavailable("the token cannot be checked now");
  }

  private static RealtimeException unavailable(String why) {
    return new RealtimeException(ErrorCode.UNAVAILABLE, why + "; try again", RETRY_SOON, null);
  }
}
