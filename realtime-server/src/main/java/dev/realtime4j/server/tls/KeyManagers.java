package dev.realtime4j.server.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** The JDK's choice among the keys of a store. */
final class KeyManagers {
  private KeyManagers() {}

  /** By what the client asks for: kind of key, and the server's name. */
  static X509ExtendedKeyManager of(KeyStore store, char[] password)
      throws GeneralSecurityException {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, password);
    for (KeyManager manager : factory.getKeyManagers()) {
      if (manager instanceof X509ExtendedKeyManager keys) {
        return keys;
      }
    }
    throw new GeneralSecurityException("the JVM has no key manager for X.509");
  }
}
