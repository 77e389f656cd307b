package dev.realtime4j.client.internal.websocket;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Whether a certificate is for a host (RFC 9525): for the names that the JVM refuses to check. A
 * name with an underscore is no host name to it, but it is one to Compose, to Swarm, and to many a
 * resolver. Whether the certificate is trusted is not asked here: the handshake did.
 */
final class CertificateNames {
  private static final int DNS = 2;

  private CertificateNames() {}

  /** Whether the JVM cannot check this name itself. */
  static boolean isOurs(String host) {
    return host.indexOf('_') >= 0;
  }

  /** Lets a session pass whose certificate names the host. */
  static void check(SSLSession session, String host) throws SSLPeerUnverifiedException {
    Certificate[] chain = session.getPeerCertificates();
    if (!(chain[0] instanceof X509Certificate certificate) || !names(certificate, host)) {
      throw new SSLPeerUnverifiedException("the certificate is not for " + host);
    }
  }

  private static boolean names(X509Certificate certificate, String host)
      throws SSLPeerUnverifiedException {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      throw new SSLPeerUnverifiedException("the certificate's names cannot be read: " + e);
    }
    return names != null
        && names.stream()
            .filter(name -> Integer.valueOf(DNS).equals(name.get(0)))
            .anyMatch(name -> matches(String.valueOf(name.get(1)), host));
  }

  /** A star stands for the whole of the first label, and there are two more at least. */
  static boolean matches(String named, String host) {
    String name = named.toLowerCase(Locale.ROOT);
    String wanted = host.toLowerCase(Locale.ROOT);
    if (!name.startsWith("*.")) {
      return name.equals(wanted);
    }
    int dot = wanted.indexOf('.');
    return name.indexOf('.', 2) > 0 && dot > 0 && wanted.substring(dot).equals(name.substring(1));
  }
}
