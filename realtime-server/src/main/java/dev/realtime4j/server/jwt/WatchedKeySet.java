package dev.realtime4j.server.jwt;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.proc.SecurityContext;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log when a key set cannot be fetched, and when it can again: once each. */
final class WatchedKeySet extends JWKSetSourceWrapper<SecurityContext> {
  private static final Logger log = LoggerFactory.getLogger(WatchedKeySet.class);

  private final String name;
  private final AtomicBoolean away = new AtomicBoolean();

  /**
   * @param name what to call it in the log
   */
  WatchedKeySet(String name, JWKSetSource<SecurityContext> source) {
    super(source);
    this.name = name;
  }

  @Override
  @SuppressWarnings("NullAway") // Nimbus knows no null marks; the context is null here.
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator evaluator, long currentTime, SecurityContext context)
      throws KeySourceException {
    try {
      JWKSet keys = getSource().getJWKSet(evaluator, currentTime, context);
      if (away.compareAndSet(true, false)) {
        log.info("The key set of {} is back", name);
      }
      return keys;
    } catch (KeySourceException e) {
      if (away.compareAndSet(false, true)) {
        log.warn(
            "The key set of {} cannot be fetched; known keys are used for a while, tokens of"
                + " others are refused with 503: {}",
            name,
            e.toString());
      }
      throw e;
    }
  }
}
