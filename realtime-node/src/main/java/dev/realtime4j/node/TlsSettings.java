package dev.realtime4j.node;

import dev.realtime4j.server.tls.ServerTls;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The certificate: {@code REALTIME_TLS_KEY_STORE} with {@code REALTIME_TLS_KEY_STORE_PASSWORD} (or
 * {@code …_FILE}), or {@code REALTIME_TLS_CERTIFICATE_FILE} with {@code
 * REALTIME_TLS_PRIVATE_KEY_FILE}, both in PEM.
 */
final class TlsSettings {
  private static final String KEY_STORE = "REALTIME_TLS_KEY_STORE";
  private static final String PASSWORD = "REALTIME_TLS_KEY_STORE_PASSWORD";
  private static final String CERTIFICATE = "REALTIME_TLS_CERTIFICATE_FILE";
  private static final String PRIVATE_KEY = "REALTIME_TLS_PRIVATE_KEY_FILE";

  private TlsSettings() {}

  /**
   * @return null when nothing is set: plain sockets
   * @throws UnfitSettingException for what does not fit, never with a secret
   */
  static @Nullable ServerTls read(Variables variables) {
    Path keyStore = variables.path(KEY_STORE);
    String password = variables.secret(PASSWORD);
    Path certificate = variables.path(CERTIFICATE);
    Path privateKey = variables.path(PRIVATE_KEY);
    if ((keyStore != null || password != null) && (certificate != null || privateKey != null)) {
      throw new UnfitSettingException(
          keyStore == null ? PASSWORD : KEY_STORE,
          "and "
              + (certificate == null ? PRIVATE_KEY : CERTIFICATE)
              + " exclude each other: give either a key store or PEM files");
    }
    if (keyStore != null || password != null) {
      Path store = required(KEY_STORE, keyStore, PASSWORD);
      String open = required(PASSWORD, password, KEY_STORE);
      return fit(KEY_STORE, () -> ServerTls.keyStore(store, open));
    }
    if (certificate != null || privateKey != null) {
      Path chain = required(CERTIFICATE, certificate, PRIVATE_KEY);
      Path key = required(PRIVATE_KEY, privateKey, CERTIFICATE);
      return fit(CERTIFICATE, () -> ServerTls.pem(chain, key));
    }
    return null;
  }

  private static <T> T required(String name, @Nullable T value, String because) {
    if (value == null) {
      throw new UnfitSettingException(name, "is missing: it goes together with " + because);
    }
    return value;
  }

  private static ServerTls fit(String name, Supplier<ServerTls> tls) {
    try {
      return tls.get();
    } catch (IllegalArgumentException e) {
      throw new UnfitSettingException(name, "does not fit: " + e.getMessage());
    }
  }
}
