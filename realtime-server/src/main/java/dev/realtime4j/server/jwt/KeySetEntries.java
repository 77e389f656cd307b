package dev.realtime4j.server.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a key set, each read by itself: what is no key for us is left out (RFC 7517,
 * section 5), and does no harm to the others. The JWT library refuses the whole set instead.
 *
 * @param usable the public keys that sign, in their order, under the ids that they came with
 * @param skipped what was left out: id and kind of reason, nothing else of it
 */
record KeySetEntries(List<JWK> usable, Set<Skipped> skipped) {
  /** Secrets, public keys of other kinds, and what is none. */
  private static final Set<String> KEY_TYPES = Set.of("RSA", "EC");

  /** What is looked at. Private parts are not among it. */
  private static final Set<String> MEMBERS =
      Set.of(
          "kty",
          "kid",
          "use",
          "alg",
          "key_ops",
          "n",
          "e",
          "crv",
          "x",
          "y",
          "x5c",
          "x5t",
          "x5u",
          "x5t#S256");

  private static final int LONGEST_ID = 64;

  /** Why an entry is left out. */
  enum Reason {
    NOT_FOR_SIGNATURES("it is for something else than signatures", false),
    KEY_TYPE("its kty is another than RSA and EC", false),
    ALGORITHM("its alg is another than RS256 and ES256, or not of its kty", false),
    SECRET("it is a secret, which must not be published", true),
    UNFIT("its RSA key is shorter than 2048 bits, or its curve another than P-256", true),
    MALFORMED("it is malformed", true);

    private final String text;
    private final boolean odd;

    Reason(String text, boolean odd) {
      this.text = text;
      this.odd = odd;
    }

    /** Whether the issuer should know: the others are everyday. */
    boolean isOdd() {
      return odd;
    }
  }

  /**
   * An entry that was left out.
   *
   * @param id as it may be logged; null when it has none
   */
  record Skipped(@Nullable String id, Reason reason) {
    @Override
    public String toString() {
      return (id == null ? "a key without kid" : "kid " + id) + " (" + reason.text + ")";
    }
  }

  /**
   * @param text a key set
   * @throws RealtimeException {@code BAD_REQUEST} when it is no JSON object with an array {@code
   *     keys}; the message quotes nothing
   */
  static KeySetEntries parse(String text) {
    Json set = Json.parse(text);
    Json keys = set.isObject() ? set.fields().getOrDefault("keys", Json.NULL) : Json.NULL;
    if (!keys.isArray()) {
      throw RealtimeException.badRequest("it is no JSON object with an array of keys");
    }
    List<JWK> usable = new ArrayList<>();
    Set<Skipped> skipped = new LinkedHashSet<>();
    for (Json entry : keys.elements()) {
      Object read = read(entry);
      if (read instanceof JWK key) {
        usable.add(key);
      } else if (read instanceof Reason reason) {
        skipped.add(new Skipped(id(entry), reason));
      }
    }
    return new KeySetEntries(List.copyOf(usable), skipped);
  }

  /** A key, or the reason why it is none. */
  private static Object read(Json entry) {
    Map<String, Object> members = members(entry);
    if (members == null || !(members.get("kty") instanceof String type)) {
      return Reason.MALFORMED;
    }
    if (type.equals("oct")) {
      return Reason.SECRET;
    }
    if (!KEY_TYPES.contains(type)) {
      return Reason.KEY_TYPE;
    }
    try {
      JWK key = JWK.parse(members);
      return key.getKeyUse() != null && !KeyUse.SIGNATURE.equals(key.getKeyUse())
              || key.getKeyOperations() != null
                  && !key.getKeyOperations().contains(KeyOperation.VERIFY)
          ? Reason.NOT_FOR_SIGNATURES
          : fit(key);
    } catch (ParseException | JOSEException | RuntimeException e) {
      return otherCurve(members) ? Reason.UNFIT : Reason.MALFORMED;
    }
  }

  private static Object fit(JWK key) throws JOSEException {
    PublicKey publicKey = ((AsymmetricJWK) key).toPublicKey();
    if (PublicKeys.algorithm(publicKey) == null) {
      return Reason.UNFIT;
    }
    boolean ours =
        key.getAlgorithm() == null || key.getAlgorithm().equals(PublicKeys.algorithm(publicKey));
    return ours ? key : Reason.ALGORITHM;
  }

  /** A curve that the library does not know is no damage. */
  private static boolean otherCurve(Map<String, Object> members) {
    return "EC".equals(members.get("kty"))
        && members.get("crv") instanceof String curve
        && !curve.equals("P-256");
  }

  /** The members as the library takes them; null when one of them is not what it has to be. */
  private static @Nullable Map<String, Object> members(Json entry) {
    if (!entry.isObject()) {
      return null;
    }
    Map<String, Object> members = new LinkedHashMap<>();
    for (Map.Entry<String, Json> member : entry.fields().entrySet()) {
      if (MEMBERS.contains(member.getKey()) && !member.getValue().isNull()) {
        Object value = value(member.getValue());
        if (value == null) {
          return null;
        }
        members.put(member.getKey(), value);
      }
    }
    return members;
  }

  private static @Nullable Object value(Json json) {
    if (json.isString()) {
      return json.asString();
    }
    if (!json.isArray() || !json.elements().stream().allMatch(Json::isString)) {
      return null;
    }
    return json.elements().stream().map(Json::asString).toList();
  }

  /** Short, and without what could forge a line of the log. */
  private static @Nullable String id(Json entry) {
    Json id = entry.isObject() ? entry.fields().getOrDefault("kid", Json.NULL) : Json.NULL;
    if (!id.isString()) {
      return null;
    }
    String text = id.asString().replaceAll("[^\\x21-\\x7e]", "?");
    return text.length() > LONGEST_ID ? text.substring(0, LONGEST_ID) + "…" : text;
  }
}
