package dev.realtime4j.client.internal;

import dev.realtime4j.client.internal.connection.DisconnectReason;
import dev.realtime4j.client.internal.connection.Effect.TokenStanding;
import dev.realtime4j.client.internal.connection.Tokens;
import dev.realtime4j.client.internal.loop.Callbacks;
import dev.realtime4j.client.internal.loop.Loop;
import dev.realtime4j.client.internal.notification.Arrivals;
import dev.realtime4j.client.internal.notification.DeliveryQueue;
import dev.realtime4j.client.internal.notification.ResumePoint;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that an attempt needs before its socket: where the last program ended, an application
 * that has caught up, a token, and an endpoint. Used by the loop only.
 */
final class Attempts {
  private static final Duration CATCH_UP_CHECK = Duration.ofSeconds(1);
  private static final String CONSEQUENCE =
      "the whole list is read, and what was told before may be told again";
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);

  /** What becomes of the preparation; told once unless the attempt was overtaken. */
  interface Outcome {
    void ready(URI target, String token);

    void failed(DisconnectReason loss);
  }

  private final Loop loop;
  private final ClientSettings settings;
  private final Executor completions;
  private final Callbacks callbacks;
  private final Tokens tokens;
  private final Arrivals arrivals;
  private final DeliveryQueue deliveries;
  private boolean resumePointLoaded;
  private int endpoint;

  Attempts(
      Loop loop,
      ClientSettings settings,
      Executor completions,
      Callbacks callbacks,
      Tokens tokens,
      Arrivals arrivals,
      DeliveryQueue deliveries) {
    this.loop = loop;
    this.settings = settings;
    this.completions = completions;
    this.callbacks = callbacks;
    this.tokens = tokens;
    this.arrivals = arrivals;
    this.deliveries = deliveries;
  }

  /**
   * Prepares an attempt.
   *
   * @param wanted whether the attempt is still the one under way
   */
  void prepare(TokenStanding standing, BooleanSupplier wanted, Outcome outcome) {
    if (!resumePointLoaded) {
      loadResumePoint(() -> prepare(standing, wanted, outcome));
    } else if (!wanted.getAsBoolean()) {
      log.debug("An attempt was overtaken");
    } else if (!callbacks.hasRoom()) {
      loop.after(CATCH_UP_CHECK, () -> prepare(standing, wanted, outcome));
    } else {
      tokens.next(
          standing,
          (token, failure) -> {
            if (!wanted.getAsBoolean()) {
              log.debug("An attempt was overtaken");
            } else if (token == null) {
              outcome.failed(DisconnectReason.noToken(failure));
            } else {
              outcome.ready(target(), token);
            }
          });
    }
  }

  /** The next attempt takes the next endpoint. */
  void turn() {
    endpoint = (endpoint + 1) % settings.endpoints().size();
  }

  private URI target() {
    URI base = settings.endpoints().get(endpoint);
    String separator = base.getRawQuery() == null ? "?" : "&";
    return arrivals
        .since()
        .map(cursor -> URI.create(base + separator + "since=" + cursor))
        .orElse(base);
  }

  private void loadResumePoint(Runnable next) {
    completions.execute(
        () -> {
          ResumePoint loaded = resumePoint();
          loop.execute(() -> begin(loaded, next));
        });
  }

  /** What was saved and cannot be read is no first start: who takes it for one misses all of it. */
  private ResumePoint resumePoint() {
    try {
      String saved = settings.cursors().load().orElse(null);
      if (saved == null) {
        return ResumePoint.NONE;
      }
      ResumePoint point = ResumePoint.decode(saved).orElse(null);
      if (point != null) {
        return point;
      }
      log.warn("The cursor that was saved is damaged, or not this client's: {}", CONSEQUENCE);
    } catch (RuntimeException e) {
      log.warn("The cursor could not be loaded: {}", CONSEQUENCE, e);
    }
    return ResumePoint.LOST;
  }

  private void begin(ResumePoint point, Runnable next) {
    if (!resumePointLoaded) {
      resumePointLoaded = true;
      arrivals.begin(point);
      deliveries.begin(point);
    }
    next.run();
  }
}
