package dev.realtime4j.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import javax.net.ssl.X509ExtendedKeyManager;

/** A key store in one file. */
final class KeyStoreFile implements CertificateFiles {
  private final Path file;
  private final char[] password;

  KeyStoreFile(Path file, char[] password) {
    this.file = file;
    this.password = password;
  }

  @Override
  public byte[] read() {
    return CertificateFiles.content(file);
  }

  @Override
  public X509ExtendedKeyManager keys(byte[] read) {
    if (read.length == 0) {
      throw CertificateFiles.missing(file);
    }
    try {
      KeyStore store = KeyStore.getInstance("PKCS12"); // which reads JKS as well
      store.load(new ByteArrayInputStream(read), password);
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          return KeyManagers.of(store, password);
        }
      }
      throw CertificateFiles.unfit(file, "it holds no private key, only certificates");
    } catch (IOException e) {
      boolean password = e.getCause() instanceof UnrecoverableKeyException;
      throw CertificateFiles.unfit(
          file, password ? "its password is wrong" : "it is no key store in PKCS#12 or JKS");
    } catch (UnrecoverableKeyException e) {
      throw CertificateFiles.unfit(file, "a key in it has another password than the store");
    } catch (GeneralSecurityException e) {
      throw CertificateFiles.unfit(file, "the JVM does not understand what is in it");
    }
  }
}
