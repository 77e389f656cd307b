package dev.realtime4j.server.jwt;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetParseException;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.ResourceRetriever;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.jwt.KeySetEntries.Skipped;
import java.io.IOException;
import java.net.URL;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key set behind a URL, fetched at each call, entry by entry: see {@link KeySetEntries}. What was
 * left out is told when it is other than at the last fetch, and so is a set that holds nothing to
 * use.
 *
 * <p>Thread safety: any thread.
 */
final class FetchedKeySet implements JWKSetSource<SecurityContext> {
  private static final Logger log = LoggerFactory.getLogger(FetchedKeySet.class);

  /** So many are named in a line of the log. */
  private static final int MOST_NAMED = 10;

  private final String name;
  private final URL url;
  private final ResourceRetriever retriever;
  private volatile boolean empty;
  private Set<Skipped> told = Set.of();
  private boolean toldEmpty;

  /**
   * @param name what to call it in the log
   */
  FetchedKeySet(String name, URL url, ResourceRetriever retriever) {
    this.name = name;
    this.url = url;
    this.retriever = retriever;
  }

  /** Whether the set that was fetched last holds no key that tokens can be checked with. */
  boolean isEmpty() {
    return empty;
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator evaluator, long currentTime, SecurityContext context)
      throws KeySourceException {
    KeySetEntries entries = fetch();
    empty = entries.usable().isEmpty();
    tell(entries);
    return new JWKSet(entries.usable());
  }

  private KeySetEntries fetch() throws KeySourceException {
    try {
      return KeySetEntries.parse(retriever.retrieveResource(url).getContent());
    } catch (IOException e) {
      throw new JWKSetRetrievalException("it cannot be had", e);
    } catch (RealtimeException | InvalidValueException e) {
      throw new JWKSetParseException("what came is no key set: " + e.getMessage(), e);
    }
  }

  private synchronized void tell(KeySetEntries entries) {
    if (!entries.skipped().equals(told)) {
      told = entries.skipped();
      if (!told.isEmpty()) {
        String line = describe(told);
        if (told.stream().anyMatch(skipped -> skipped.reason().isOdd())) {
          log.warn("Keys of {} are not used: {}", name, line);
        } else {
          log.info("Keys of {} are not used: {}", name, line);
        }
      }
    }
    if (empty && !toldEmpty) {
      log.warn(
          "The key set of {} holds no key to check tokens with (RS256 or ES256); every token is"
              + " refused with 503 until it does",
          name);
    } else if (!empty && toldEmpty) {
      log.info("The key set of {} holds keys to check tokens with again", name);
    }
    toldEmpty = empty;
  }

  private static String describe(Set<Skipped> skipped) {
    String named =
        skipped.stream().limit(MOST_NAMED).map(Skipped::toString).collect(Collectors.joining(", "));
    int more = skipped.size() - MOST_NAMED;
    return more > 0 ? named + ", and " + more + " more" : named;
  }

  @Override
  public void close() {}
}
