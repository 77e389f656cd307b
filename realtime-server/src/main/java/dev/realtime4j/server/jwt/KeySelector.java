package dev.realtime4j.server.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Which key a token must be signed with. The token's header is what an attacker chose: a selector
 * answers only for the algorithms it was made for, and never takes a key out of the header.
 *
 * <p>Other algorithms and key sets (RS256, ES256, JWKS) are other selectors.
 */
@FunctionalInterface
interface KeySelector {
  /** The verifier for a token of this header; null when no key of ours goes with it. */
  @Nullable JWSVerifier select(JWSHeader header);
}
