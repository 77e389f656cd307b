package dev.realtime4j.server.tls;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * TLS for a server: the certificate and its private key, read from files that may be replaced while
 * the server runs.
 *
 * <pre>{@code
 * ServerTls tls = ServerTls.keyStore(Path.of("/etc/app/server.p12"), password);
 * RealtimeServer.builder().tls(tls);
 * httpsServer.setHttpsConfigurator(new HttpsConfigurator(tls.sslContext())); // and for the rest
 * }</pre>
 *
 * <p>A server checks every few seconds whether the files have changed, and uses the new certificate
 * for new connections; open sockets stay. Files that cannot be used (half written, a key that does
 * not match) are logged, and the old certificate stays.
 *
 * <p>Thread safety: any thread. Lifecycle: nothing to close.
 */
public final class ServerTls {
  private final SSLContext context;
  private final @Nullable CertificateFiles files;
  private final @Nullable RenewableKeys keys;
  private byte @Nullable [] lastSeen;

  private ServerTls(
      SSLContext context, @Nullable CertificateFiles files, @Nullable RenewableKeys keys) {
    this.context = context;
    this.files = files;
    this.keys = keys;
  }

  /**
   * The application's own context, which is used as it is: the application renews it.
   *
   * <p>The server uses TLS 1.2 and 1.3 and requests no client certificate.
   */
  public static ServerTls of(SSLContext context) {
    Objects.requireNonNull(context, "context");
    return new ServerTls(context, null, null);
  }

  /**
   * A key store in PKCS#12 or JKS; of several certificates, the client's name (SNI) selects one.
   *
   * @param password for the store and the keys in it
   * @throws InvalidValueException that says why it cannot be used
   */
  public static ServerTls keyStore(Path file, String password) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(password, "password");
    return read(new KeyStoreFile(file, password.toCharArray()));
  }

  /**
   * Two files in PEM, as ACME clients write them.
   *
   * @param certificates the server's certificate, followed by its chain
   * @param privateKey in PKCS#8, {@code -----BEGIN PRIVATE KEY-----}, not encrypted
   * @throws InvalidValueException that says why they cannot be used
   */
  public static ServerTls pem(Path certificates, Path privateKey) {
    Objects.requireNonNull(certificates, "certificates");
    Objects.requireNonNull(privateKey, "privateKey");
    return read(new PemFiles(certificates, privateKey));
  }

  private static ServerTls read(CertificateFiles files) {
    RenewableKeys keys = new RenewableKeys();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, null, null);
      ServerTls tls = new ServerTls(new ForwardSecretContext(context), files, keys);
      tls.load(files, keys);
      return tls;
    } catch (GeneralSecurityException e) {
      throw new RealtimeException(ErrorCode.INTERNAL, "TLS is not available in this JVM", e);
    }
  }

  /**
   * A context that always uses the newest certificate, for other servers of the application, too.
   * It offers only suites with forward secrecy, and trusts what the JVM trusts.
   */
  public SSLContext sslContext() {
    return context;
  }

  /**
   * Reads the files again if they have changed since the last check; a server calls it regularly.
   *
   * @return whether another certificate is used from now on; always false for a context of the
   *     application
   * @throws RealtimeException {@code BAD_REQUEST} when they have changed and cannot be used, once
   *     for each change; the old certificate stays
   */
  public synchronized boolean reload() {
    CertificateFiles source = files;
    if (source == null || keys == null) {
      return false;
    }
    try {
      return load(source, keys);
    } catch (InvalidValueException e) {
      throw e.asFailure(); // at run time it is no caller's fault
    }
  }

  private boolean load(CertificateFiles source, RenewableKeys into) {
    byte[] seen = source.read();
    if (lastSeen != null && Arrays.equals(seen, lastSeen)) {
      return false;
    }
    lastSeen = seen;
    into.renew(source.keys(seen));
    return true;
  }
}
