package dev.realtime4j.server.jwt;

import static dev.realtime4j.server.jwt.JwtAuthenticator.refused;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a token allows. Issuers write it as a text with spaces (RFC 8693, {@code scope}) or as a
 * list ({@code scp}, {@code permissions}, {@code roles}).
 */
final class TokenScopes {
  private TokenScopes() {}

  /** The scopes of all these claims together. */
  static Set<String> of(Map<String, Object> claims, Collection<String> names) {
    Set<String> scopes = new HashSet<>();
    for (String name : names) {
      Object value = claims.get(name);
      if (value instanceof String text) {
        scopes.addAll(List.of(text.split("\\s+")));
      } else if (value instanceof List<?> list) {
        list.forEach(each -> scopes.add(scope(name, each)));
      } else if (value != null) {
        throw unreadable(name);
      }
    }
    scopes.remove("");
    return scopes;
  }

  private static String scope(String name, Object value) {
    if (value instanceof String scope) {
      return scope.strip();
    }
    throw unreadable(name);
  }

  private static RuntimeException unreadable(String name) {
    return refused("the token's " + name + " is neither a text nor a list of texts");
  }
}
