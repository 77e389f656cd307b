package dev.realtime4j.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Self-signed certificates, made now by the JDK's keytool: none that expires is kept. */
public final class Certificates {
  public static final String PASSWORD = "hush-hush";

  private Certificates() {}

  /**
   * A key store with one certificate.
   *
   * @param names for example {@code dns:localhost}
   */
  public static Path keyStore(Path file, String names) throws IOException, InterruptedException {
    return keyStore(file, names, "EC");
  }

  /** The same with another kind of key: {@code RSA}. */
  public static Path keyStore(Path file, String names, String algorithm)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-genkeypair", "-alias", "server", "-keyalg", algorithm));
    command.addAll(List.of("-dname", "CN=test", "-ext", "san=" + names, "-validity", "2"));
    keytool(command, file);
    return file;
  }

  /** A key store with a certificate that expired yesterday, of an authority that is still good. */
  public static Path expired(Path file, String names) throws IOException, InterruptedException {
    make(file, "ca", "-dname", "CN=authority", "-ext", "bc:c=ca:true", "-validity", "2");
    make(
        file,
        "server",
        "-dname",
        "CN=test",
        "-ext",
        "san=" + names,
        "-signer",
        "ca",
        "-startdate",
        "-3d",
        "-validity",
        "2");
    keytool(List.of("-delete", "-alias", "ca"), file);
    return file;
  }

  private static void make(Path file, String alias, String... how)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC"));
    command.addAll(List.of(how));
    keytool(command, file);
  }

  private static void keytool(List<String> options, Path file)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(options);
    command.addAll(
        List.of("-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes());
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new AssertionError("keytool failed: " + said);
    }
  }

  /** A client's context that trusts these certificates and nobody else. */
  public static SSLContext trusting(Path... keyStores)
      throws GeneralSecurityException, IOException {
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
  }

  private static Certificate certificate(Path keyStore)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      store.load(in, PASSWORD.toCharArray());
    }
    Certificate[] chain = store.getCertificateChain("server");
    return chain[chain.length - 1];
  }
}
