package dev.realtime4j.server.internal.websocket;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * How every socket of a transport begins TLS.
 *
 * @param contexts asked for each new socket
 * @param tasks run what is heavy in a handshake, the arithmetic of keys, address by address
 * @param nanoTime the monotonic clock
 */
record TlsSetup(Supplier<SSLContext> contexts, FairExecutor tasks, LongSupplier nanoTime) {
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /** A server's engine for TLS 1.2 and 1.3, the server's order of cipher suites. */
  SSLEngine engine() {
    SSLEngine engine = contexts.get().createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    List<String> supported = Arrays.asList(engine.getSupportedProtocols());
    parameters.setProtocols(PROTOCOLS.stream().filter(supported::contains).toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(true);
    engine.setSSLParameters(parameters);
    return engine;
  }
}
