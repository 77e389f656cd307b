package dev.realtime4j.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are replaced while they are used. A handshake asks several times, first for an alias
 * and then for what belongs to it; so an alias tells its generation, and the one before the newest
 * stays for the handshakes that began with it.
 */
final class RenewableKeys extends X509ExtendedKeyManager {
  private record Generation(int number, X509ExtendedKeyManager keys) {}

  private volatile @Nullable Generation newest;
  private volatile @Nullable Generation before;

  synchronized void renew(X509ExtendedKeyManager keys) {
    Generation last = newest;
    before = last;
    newest = new Generation(last == null ? 1 : last.number + 1, keys);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    Generation now = newest;
    return now == null
        ? null
        : told(now, now.keys.chooseEngineServerAlias(keyType, issuers, engine));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    Generation now = newest;
    return now == null ? null : told(now, now.keys.chooseServerAlias(keyType, issuers, socket));
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    Generation now = newest;
    String[] aliases = now == null ? null : now.keys.getServerAliases(keyType, issuers);
    if (now == null || aliases == null) {
      return null;
    }
    String[] told = new String[aliases.length];
    for (int i = 0; i < aliases.length; i++) {
      told[i] = now.number + "/" + aliases[i];
    }
    return told;
  }

  private static @Nullable String told(Generation of, @Nullable String alias) {
    return alias == null ? null : of.number + "/" + alias;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    X509ExtendedKeyManager keys = of(alias);
    return keys == null ? null : keys.getCertificateChain(within(alias));
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    X509ExtendedKeyManager keys = of(alias);
    return keys == null ? null : keys.getPrivateKey(within(alias));
  }

  private @Nullable X509ExtendedKeyManager of(String alias) {
    for (Generation generation : new Generation[] {newest, before}) {
      if (generation != null && alias.startsWith(generation.number + "/")) {
        return generation.keys;
      }
    }
    return null;
  }

  private static String within(String alias) {
    return alias.substring(alias.indexOf('/') + 1);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null; // A server's certificate is not shown as a client.
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
