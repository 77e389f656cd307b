package dev.realtime4j.server.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyConverter;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.OutageTolerantJWKSetSource;
import com.nimbusds.jose.jwk.source.RateLimitedJWKSetSource;
import com.nimbusds.jose.jwk.source.RefreshAheadCachingJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * RS256 and ES256 with the keys that an issuer publishes. A key id that is not known has the set
 * fetched again, so a new key works at once; how often that may happen is limited.
 *
 * <p>Nimbus caches, limits and survives outages; here is what it must never do: take a symmetric
 * key, or a key for another algorithm than its own.
 */
final class JwksKeys implements KeySelector {
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int MAX_BYTES = 256 * 1024;
  private static final Duration RETRY = Duration.ofSeconds(2);

  /**
   * A token without a key id is tried with so many keys at most: each costs a stranger nothing and
   * us a signature's arithmetic.
   */
  private static final int MOST_TRIED = 32;

  private final FetchedKeySet set;
  private final JWKSource<SecurityContext> source;

  JwksKeys(URI url, JwksTimes times) {
    String name = url.getHost() + url.getPath(); // a query may hold a secret
    try {
      set =
          new FetchedKeySet(
              name,
              url.toURL(),
              new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_BYTES));
    } catch (MalformedURLException e) {
      throw new InvalidValueException("the address of the key set is not a URL");
    }
    source = cached(new WatchedKeySet(name, set), times);
  }

  /** As the library's builder does it, which takes no executor in 9.37. */
  private static JWKSource<SecurityContext> cached(
      JWKSetSource<SecurityContext> fetched, JwksTimes times) {
    return new JWKSetBasedJWKSource<>(
        new RefreshAheadCachingJWKSetSource<>(
            new RateLimitedJWKSetSource<>(
                new OutageTolerantJWKSetSource<>(fetched, times.outage().toMillis(), null),
                times.apart().toMillis(),
                null),
            times.fresh().toMillis(),
            times.patience().toMillis(),
            times.ahead().toMillis(),
            false,
            background(),
            false,
            null));
  }

  /**
   * A thread that ends soon after keys were fetched, so that nothing has to be closed. One fetch at
   * most waits for another.
   */
  private static ExecutorService background() {
    return ServerEnvironment.system().threads().pool("jwks", 1, 1);
  }

  /**
   * Checks an address.
   *
   * @throws InvalidValueException unless it is {@code https}, or {@code http} on this machine: who
   *     can change the answer can sign tokens
   */
  static URI checked(URI url) {
    String scheme = String.valueOf(url.getScheme());
    String host = url.getHost();
    if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new InvalidValueException("a key set is at https://host/path");
    }
    boolean here = Set.of("localhost", "127.0.0.1", "[::1]").contains(host);
    if (scheme.equals("http") && !here) {
      throw new InvalidValueException(
          "keys that come over http can be replaced on the way; use https (http is taken for"
              + " localhost only)");
    }
    return url;
  }

  @Override
  public List<JWSVerifier> select(JWSHeader header) throws JOSEException {
    if (!ALGORITHMS.contains(header.getAlgorithm())) {
      return List.of();
    }
    List<PublicKey> keys =
        KeyConverter.toJavaKeys(find(header)).stream()
            .filter(PublicKey.class::isInstance)
            .map(PublicKey.class::cast)
            .limit(MOST_TRIED)
            .toList();
    if (keys.isEmpty() && set.isEmpty()) {
      throw unavailable("the issuer publishes no key to check tokens with; try again");
    }
    return PublicKeys.verifiers(keys, header);
  }

  private List<JWK> find(JWSHeader header) {
    try {
      return source.get(new JWKSelector(JWKMatcher.forJWSHeader(header)), null);
    } catch (KeySourceException e) {
      // Away, or asked too often: known keys are found without a fetch, this one may be new.
      throw unavailable("the token cannot be checked now; try again");
    }
  }

  private static RealtimeException unavailable(String why) {
    return new RealtimeException(ErrorCode.UNAVAILABLE, why, RETRY, null);
  }
}
