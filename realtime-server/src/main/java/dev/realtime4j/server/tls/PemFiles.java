package dev.realtime4j.server.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.X509ExtendedKeyManager;

/** A certificate chain and a private key, each in a file of PEM. */
final class PemFiles implements CertificateFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private final Path certificates;
  private final Path privateKey;

  PemFiles(Path certificates, Path privateKey) {
    this.certificates = certificates;
    this.privateKey = privateKey;
  }

  /** Both, parted by a zero, which no PEM holds. */
  @Override
  public byte[] read() {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(CertificateFiles.content(certificates));
    both.write(0);
    both.writeBytes(CertificateFiles.content(privateKey));
    return both.toByteArray();
  }

  @Override
  public X509ExtendedKeyManager keys(byte[] read) {
    int zero = 0;
    while (read[zero] != 0) {
      zero++;
    }
    Certificate[] chain = chain(read, zero);
    PrivateKey key =
        key(new String(read, zero + 1, read.length - zero - 1, StandardCharsets.US_ASCII));
    try {
      if (!fits(key, chain[0])) {
        throw CertificateFiles.unfit(
            privateKey, "it is not the key of the certificate in " + certificates);
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      char[] password = {};
      store.setKeyEntry("server", key, password, chain);
      return KeyManagers.of(store, password);
    } catch (GeneralSecurityException | IOException e) {
      throw CertificateFiles.unfit(privateKey, "the JVM does not understand this kind of key");
    }
  }

  private Certificate[] chain(byte[] read, int length) {
    if (length == 0) {
      throw CertificateFiles.missing(certificates);
    }
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read, 0, length))
              .toArray(Certificate[]::new);
      if (chain.length > 0) {
        return chain;
      }
    } catch (CertificateException e) {
      // Told below.
    }
    throw CertificateFiles.unfit(certificates, "there is no certificate in PEM in it");
  }

  private PrivateKey key(String pem) {
    if (pem.isEmpty()) {
      throw CertificateFiles.missing(privateKey);
    }
    Matcher block = KEY.matcher(pem);
    if (!block.find()) {
      throw CertificateFiles.unfit(privateKey, "there is no private key in PEM in it");
    }
    if (!block.group(1).equals("PRIVATE KEY")) {
      throw CertificateFiles.unfit(
          privateKey,
          "it holds an " + block.group(1) + "; convert it: openssl pkcs8 -topk8 -nocrypt");
    }
    PKCS8EncodedKeySpec spec =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(2)));
    for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException another) {
        continue;
      } catch (GeneralSecurityException e) {
        break;
      }
    }
    throw CertificateFiles.unfit(privateKey, "it is no RSA, EC or EdDSA key");
  }

  private static boolean fits(PrivateKey key, Certificate certificate)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(text);
    return signature.verify(signed);
  }
}
