package dev.realtime4j.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Self-signed certificates, made now by the JDK's keytool: none that expires is kept. */
public final class TestCertificates {
  public static final String PASSWORD = "hush-hush";

  private TestCertificates() {}

  /**
   * A key store with one certificate for {@code localhost} and 127.0.0.1.
   *
   * @param keys {@code RSA} or {@code EC}
   */
  public static Path keyStore(Path directory, String name, String keys) {
    return keyStore(directory, name, keys, "dns:localhost,ip:127.0.0.1");
  }

  /** The same for other names. */
  public static Path keyStore(Path directory, String name, String keys, String names) {
    return make(directory, name, names, keys);
  }

  /** One for {@code localhost} whose key is so long that a handshake takes milliseconds. */
  public static Path slowKeyStore(Path directory, String name) {
    return make(directory, name, "dns:localhost", "RSA", "-keysize", "4096");
  }

  private static Path make(Path directory, String name, String names, String keys, String... more) {
    Path file = directory.resolve(name + ".p12");
    List<String> arguments = new ArrayList<>();
    Collections.addAll(
        arguments,
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        keys,
        "-dname",
        "CN=" + name,
        "-ext",
        "san=" + names,
        "-validity",
        "2",
        "-storetype",
        "PKCS12",
        "-keystore",
        file.toString(),
        "-storepass",
        PASSWORD);
    arguments.addAll(List.of(more));
    keytool(arguments);
    return file;
  }

  private static void keytool(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("keytool failed: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The certificate in a key store. */
  public static X509Certificate certificate(Path keyStore) {
    try {
      KeyStore store = load(keyStore);
      return (X509Certificate) store.getCertificate(store.aliases().nextElement());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore load(Path keyStore) throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(Files.readAllBytes(keyStore)), PASSWORD.toCharArray());
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client's context that trusts these certificates and nobody else. */
  public static SSLContext trusting(Path... keyStores) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (Path keyStore : keyStores) {
        trusted.setCertificateEntry(keyStore.toString(), certificate(keyStore));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the certificate and the key of a key store as PEM. */
  public static void writePem(Path keyStore, Path certificates, Path privateKey) {
    try {
      KeyStore store = load(keyStore);
      String alias = store.aliases().nextElement();
      Files.writeString(certificates, pem("CERTIFICATE", store.getCertificate(alias).getEncoded()));
      Files.writeString(
          privateKey, pem("PRIVATE KEY", store.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String pem(String type, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }
}
