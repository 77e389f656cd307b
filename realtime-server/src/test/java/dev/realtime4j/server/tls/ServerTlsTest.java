package dev.realtime4j.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.fixtures.Certificates;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates from files, and their renewal; shown in handshakes without a network. */
final class ServerTlsTest {
  @TempDir static Path made;

  @SuppressWarnings("NullAway.Init")
  private static Path one;

  @SuppressWarnings("NullAway.Init")
  private static Path two;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path here;

  @BeforeAll
  static void make() {
    one = Certificates.local(made.resolve("one.p12"), "EC");
    two = Certificates.local(made.resolve("two.p12"), "RSA");
  }

  private static ServerTls of(Path keyStore) {
    return ServerTls.keyStore(keyStore, Certificates.PASSWORD);
  }

  @Test
  void a_key_store_is_shown_and_a_replaced_one_from_the_next_look_on() throws Exception {
    Path file = here.resolve("server.p12");
    Files.copy(one, file);
    ServerTls tls = of(file);
    SSLContext context = tls.sslContext();
    assertThat(shown(context)).isEqualTo(serial(one));
    assertThat(tls.reload()).isFalse();

    Files.copy(two, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(shown(context)).isEqualTo(serial(one));
    assertThat(tls.reload()).isTrue();

    assertThat(shown(context)).isEqualTo(serial(two));
    assertThat(tls.reload()).isFalse();
  }

  @Test
  void a_handshake_that_began_before_the_renewal_ends_with_the_key_it_began_with() {
    ServerTls tls = of(one);
    RenewableKeys keys = new RenewableKeys();
    KeyStoreFile file = new KeyStoreFile(one, Certificates.PASSWORD.toCharArray());
    keys.renew(file.keys(file.read()));
    SSLEngine engine = tls.sslContext().createSSLEngine();
    String alias = keys.chooseEngineServerAlias("EC", null, engine);

    KeyStoreFile next = new KeyStoreFile(two, Certificates.PASSWORD.toCharArray());
    keys.renew(next.keys(next.read()));

    assertThat(serialOf(keys, String.valueOf(alias))).isEqualTo(serial(one));
    assertThat(keys.getPrivateKey(String.valueOf(alias))).isNotNull();
    assertThat(keys.getPrivateKey("7/one")).isNull();
  }

  @Test
  void files_that_cannot_be_used_are_said_once_and_the_former_certificate_stays()
      throws IOException {
    Path file = here.resolve("server.p12");
    Files.copy(one, file);
    ServerTls tls = of(file);

    Files.writeString(file, "half a key st");
    assertUnfit(RealtimeException.class, tls::reload, "no key store");
    assertThat(tls.reload()).isFalse();
    Files.delete(file);
    assertUnfit(RealtimeException.class, tls::reload, "missing");
    assertThat(tls.reload()).isFalse();
    assertThat(shown(tls.sslContext())).isEqualTo(serial(one));

    Files.copy(two, file);
    assertThat(tls.reload()).isTrue();
    assertThat(shown(tls.sslContext())).isEqualTo(serial(two));
  }

  @Test
  void pem_files_are_shown_and_renewed_one_file_after_the_other() {
    Path certificates = here.resolve("fullchain.pem");
    Path key = here.resolve("privkey.pem");
    Certificates.writePem(one, certificates, key);
    ServerTls tls = ServerTls.pem(certificates, key);
    assertThat(shown(tls.sslContext())).isEqualTo(serial(one));

    Certificates.writePem(two, certificates, here.resolve("later.pem"));
    assertUnfit(RealtimeException.class, tls::reload, "not the key of the certificate");
    assertThat(shown(tls.sslContext())).isEqualTo(serial(one));
    Certificates.writePem(two, certificates, key);
    assertThat(tls.reload()).isTrue();

    assertThat(shown(tls.sslContext())).isEqualTo(serial(two));
  }

  @Test
  void what_cannot_be_used_is_refused_at_the_start_with_the_file_and_the_reason()
      throws IOException {
    Path rubbish = Files.writeString(here.resolve("rubbish"), "hush");
    Path key = here.resolve("key.pem");
    Path certificates = here.resolve("cert.pem");
    Certificates.writePem(one, certificates, key);
    Path pkcs1 =
        Files.writeString(
            here.resolve("pkcs1.pem"), Files.readString(key).replace("PRIVATE", "RSA PRIVATE"));

    assertUnfit(() -> of(here.resolve("none.p12")), "missing");
    assertUnfit(() -> of(rubbish), "no key store");
    assertUnfit(() -> of(here), "missing");
    assertUnfit(() -> ServerTls.keyStore(one, "wrong"), "password is wrong");
    assertUnfit(() -> ServerTls.pem(rubbish, key), "no certificate in PEM");
    assertUnfit(() -> ServerTls.pem(certificates, rubbish), "no private key in PEM");
    assertUnfit(() -> ServerTls.pem(certificates, certificates), "no private key in PEM");
    assertUnfit(() -> ServerTls.pem(certificates, pkcs1), "openssl pkcs8 -topk8");
    assertUnfit(() -> ServerTls.pem(here.resolve("none"), key), "missing");
    assertUnfit(() -> ServerTls.pem(certificates, here.resolve("none")), "missing");
  }

  @Test
  void whatever_a_host_makes_of_the_context_offers_forward_secrecy_only() throws Exception {
    SSLContext context = of(two).sslContext();
    SSLEngine engine = context.createSSLEngine("localhost", 443);
    engine.setUseClientMode(false);
    try (SSLServerSocket socket =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0)) {
      for (String[] offered :
          List.of(
              engine.getEnabledCipherSuites(),
              context.createSSLEngine().getEnabledCipherSuites(),
              socket.getEnabledCipherSuites(),
              context.getServerSocketFactory().getDefaultCipherSuites(),
              context.getDefaultSSLParameters().getCipherSuites())) {
        assertThat(offered)
            .contains("TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
            .noneMatch(suite -> suite.matches("TLS_(RSA|ECDH|DH)_.*"));
      }
    }
  }

  @Test
  void the_https_server_of_the_jdk_refuses_a_client_without_forward_secrecy() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.setHttpsConfigurator(new HttpsConfigurator(of(two).sslContext()));
    server.start();
    try (SSLSocket socket =
        (SSLSocket)
            Certificates.trusting(two)
                .getSocketFactory()
                .createSocket("127.0.0.1", server.getAddress().getPort())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {"TLS_RSA_WITH_AES_128_GCM_SHA256"});

      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void a_context_of_the_hosts_own_is_used_as_it_is() throws Exception {
    SSLContext own = SSLContext.getDefault();

    assertThat(ServerTls.of(own).sslContext()).isSameAs(own);
    assertThat(ServerTls.of(own).reload()).isFalse();
  }

  private static void assertUnfit(ThrowingCallable call, String why) {
    assertUnfit(InvalidValueException.class, call, why);
  }

  private static void assertUnfit(
      Class<? extends Throwable> type, ThrowingCallable call, String why) {
    assertThatThrownBy(call)
        .isInstanceOf(type)
        .hasMessageStartingWith("the TLS file ")
        .hasMessageContaining(why)
        .message()
        .doesNotContain("hush");
  }

  private static BigInteger serialOf(RenewableKeys keys, String alias) {
    X509Certificate[] chain = keys.getCertificateChain(alias);
    return chain == null ? BigInteger.ZERO : chain[0].getSerialNumber();
  }

  private static BigInteger serial(Path keyStore) {
    return Certificates.certificate(keyStore).getSerialNumber();
  }

  /** The serial number of the certificate that a new client is shown. */
  private static BigInteger shown(SSLContext server) {
    SSLEngine serving = server.createSSLEngine();
    serving.setUseClientMode(false);
    SSLEngine asking = Certificates.trusting(one, two).createSSLEngine();
    asking.setUseClientMode(true);
    ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
    ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);
    try {
      asking.beginHandshake();
      serving.beginHandshake();
      for (int i = 0; i < 100 && handshakes(asking, serving); i++) {
        step(asking, toClient, toServer);
        step(serving, toServer, toClient);
      }
      return ((X509Certificate) asking.getSession().getPeerCertificates()[0]).getSerialNumber();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean handshakes(SSLEngine one, SSLEngine other) {
    return one.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
        || other.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        for (Runnable task = engine.getDelegatedTask();
            task != null;
            task = engine.getDelegatedTask()) {
          task.run();
        }
      }
      case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
      default -> {
        engine.unwrap(in.flip(), ByteBuffer.allocate(64 * 1024));
        in.compact();
      }
    }
  }
}
