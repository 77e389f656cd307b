package dev.realtime4j.server.tls;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A context whose servers offer suites with forward secrecy only. In the others ({@code TLS_RSA_*},
 * and fixed Diffie-Hellman keys) whoever gets the private key later reads all that they recorded.
 * Newer JDKs have disabled them; this one need not have.
 */
final class ForwardSecretContext extends SSLContext {
  ForwardSecretContext(SSLContext all) {
    super(new Spi(all), all.getProvider(), all.getProtocol());
  }

  /** Those of TLS 1.3 name no exchange of keys: it is always an ephemeral one. */
  static String[] forwardSecret(String[] suites) {
    return Stream.of(suites)
        .filter(
            suite ->
                suite.startsWith("TLS_ECDHE_")
                    || suite.startsWith("TLS_DHE_")
                    || !suite.contains("_WITH_"))
        .toArray(String[]::new);
  }

  private static final class Spi extends SSLContextSpi {
    private final SSLContext all;

    Spi(SSLContext all) {
      this.all = all;
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random)
        throws KeyManagementException {
      all.init(keys, trust, random);
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return strict(all.createSSLEngine());
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return strict(all.createSSLEngine(host, port));
    }

    private static SSLEngine strict(SSLEngine engine) {
      engine.setEnabledCipherSuites(forwardSecret(engine.getEnabledCipherSuites()));
      return engine;
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return new ForwardSecretSockets(all.getServerSocketFactory());
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return all.getSocketFactory();
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return all.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return all.getClientSessionContext();
    }

    /** What the JDK's {@code HttpsServer} sets. */
    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      SSLParameters parameters = all.getDefaultSSLParameters();
      parameters.setCipherSuites(forwardSecret(parameters.getCipherSuites()));
      return parameters;
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return all.getSupportedSSLParameters();
    }
  }
}
