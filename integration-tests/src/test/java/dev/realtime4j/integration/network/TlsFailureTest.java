package dev.realtime4j.integration.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.tls.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Why a handshake of TLS failed is told each time, whichever thread is the first to meet it. */
@Timeout(120)
class TlsFailureTest {
  private static final int TIMES = 25;

  @TempDir static Path made;

  @SuppressWarnings("NullAway.Init")
  private static Path here;

  @SuppressWarnings("NullAway.Init")
  private static Path elsewhere;

  @BeforeAll
  static void make() throws Exception {
    here = Certificates.keyStore(made.resolve("here.p12"), "dns:localhost");
    elsewhere = Certificates.keyStore(made.resolve("elsewhere.p12"), "dns:elsewhere.example");
  }

  private static RealtimeServer serve(Path keys) {
    return RealtimeServer.builder()
        .port(0)
        .tls(ServerTls.keyStore(keys, Certificates.PASSWORD))
        .authenticator(handshake -> Principal.of(UserId.of(handshake.token().orElse(""))))
        .drainTime(Duration.ZERO)
        .build()
        .start();
  }

  private static String cause(int port, SSLContext trust) throws Exception {
    CompletableFuture<String> cause = new CompletableFuture<>();
    try (RealtimeClient client =
        RealtimeClient.builder()
            .endpoint(URI.create("wss://localhost:" + port + "/ws"))
            .token("secret")
            .sslContext(trust)
            .build()) {
      client.onState(
          (ConnectionChange change) -> {
            if (change.cause() != null) {
              cause.complete(String.valueOf(change.cause().getMessage()));
            }
          });
      client.connect();
      return cause.get(20, TimeUnit.SECONDS);
    }
  }

  private static void eachTime(int port, SSLContext trust, String why) throws Exception {
    List<String> causes = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      causes.add(cause(port, trust));
    }
    assertThat(causes)
        .hasSize(TIMES)
        .allSatisfy(
            cause -> assertThat(cause).contains("TLS with localhost:" + port).contains(why));
  }

  @Test
  void an_authority_that_is_not_trusted() throws Exception {
    try (RealtimeServer server = serve(here)) {
      eachTime(server.port(), Certificates.trusting(elsewhere), "PKIX path");
    }
  }

  @Test
  void a_certificate_of_another_host() throws Exception {
    try (RealtimeServer server = serve(elsewhere)) {
      eachTime(server.port(), Certificates.trusting(elsewhere), "localhost");
    }
  }

  @Test
  void a_certificate_that_has_expired() throws Exception {
    Path expired = Certificates.expired(made.resolve("expired.p12"), "dns:localhost");
    try (RealtimeServer server = serve(expired)) {
      eachTime(server.port(), Certificates.trusting(expired), "validity check failed");
    }
  }

  @Test
  void a_server_that_speaks_no_tls() throws Exception {
    try (RealtimeServer server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(handshake -> Principal.of(UserId.of(handshake.token().orElse(""))))
            .drainTime(Duration.ZERO)
            .build()
            .start()) {
      eachTime(server.port(), Certificates.trusting(here), "SSL message");
    }
  }

  @Test
  void a_version_of_tls_that_is_not_known() throws Exception {
    SSLContext newer = context("TLSv1.3");
    try (SSLServerSocket listening =
        (SSLServerSocket)
            newer
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      listening.setEnabledProtocols(new String[] {"TLSv1.3"});
      acceptAll(listening, socket -> ((SSLSocket) socket).startHandshake());
      eachTime(listening.getLocalPort(), older(), "protocol_version");
    }
  }

  @Test
  void a_server_that_closes_in_the_middle() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      acceptAll(listening, socket -> socket.getInputStream().read(new byte[100]));
      eachTime(listening.getLocalPort(), Certificates.trusting(here), "");
    }
  }

  /** A client that does not know TLS 1.3. */
  private static SSLContext older() throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(null, null, null);
    return context;
  }

  private static SSLContext context(String protocol) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(here)) {
      store.load(in, Certificates.PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, Certificates.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance(protocol);
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  @FunctionalInterface
  private interface Doing {
    void with(Socket socket) throws IOException;
  }

  private static void acceptAll(ServerSocket listening, Doing doing) {
    Thread thread =
        new Thread(
            () -> {
              while (!listening.isClosed()) {
                try (Socket socket = listening.accept()) {
                  doing.with(socket);
                } catch (IOException failed) {
                  continue; // what the test is about; or the end of it
                }
              }
            },
            "tls-server");
    thread.setDaemon(true);
    thread.start();
  }
}
