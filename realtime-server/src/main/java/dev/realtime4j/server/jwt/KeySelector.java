package dev.realtime4j.server.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import java.util.List;

/**
 * Which keys a token may be signed with. The token's header is what an attacker chose: a selector
 * answers only for the algorithms it was made for, and never takes a key out of the header.
 */
@FunctionalInterface
interface KeySelector {
  /**
   * The verifiers for a token of this header; none when no key of ours goes with it.
   *
   * @throws JOSEException when a key is not fit for its algorithm
   * @throws dev.realtime4j.api.RealtimeException {@code UNAVAILABLE} when the keys cannot be had
   *     now
   */
  List<JWSVerifier> select(JWSHeader header) throws JOSEException;
}
