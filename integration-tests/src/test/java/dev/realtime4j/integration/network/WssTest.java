package dev.realtime4j.integration.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.examples.Closing;
import dev.realtime4j.fixtures.Certificates;
import dev.realtime4j.integration.delivery.CuttableProxy;
import dev.realtime4j.server.MethodCall;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.tls.ServerTls;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client and the server over TLS: whom the client trusts, and a renewed certificate. */
class WssTest {
  @TempDir static Path made;

  @SuppressWarnings("NullAway.Init")
  private static Path here;

  @SuppressWarnings("NullAway.Init")
  private static Path renewed;

  @SuppressWarnings("NullAway.Init")
  private static Path elsewhere;

  private final Closing closing = new Closing();
  private final List<ConnectionChange> changes = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void make() throws Exception {
    here = Certificates.keyStore(made.resolve("here.p12"), "dns:localhost");
    renewed = Certificates.keyStore(made.resolve("renewed.p12"), "dns:localhost");
    elsewhere = Certificates.keyStore(made.resolve("elsewhere.p12"), "dns:elsewhere.example");
  }

  @AfterEach
  void closeAll() {
    closing.close();
  }

  private RealtimeServer serve(Path keyStore) {
    return closing.later(
        RealtimeServer.builder()
            .port(0)
            .tls(ServerTls.keyStore(keyStore, Certificates.PASSWORD))
            .authenticator(handshake -> Principal.of(UserId.of(handshake.token().orElse(""))))
            .handler("echo", MethodCall::params)
            .drainTime(Duration.ZERO)
            .build()
            .start());
  }

  private RealtimeClient client(RealtimeServer server, SSLContext trust) {
    RealtimeClient client =
        closing.later(
            RealtimeClient.builder()
                .endpoint(URI.create("wss://localhost:" + server.port() + "/ws"))
                .token("0190a5f0-0000-7000-8000-0000000000ff")
                .sslContext(trust)
                .build());
    client.onState(changes::add);
    return client;
  }

  @Test
  void a_client_that_trusts_the_certificate_talks_over_tls() throws Exception {
    RealtimeClient client = client(serve(here), Certificates.trusting(here));

    client.connect().get(20, TimeUnit.SECONDS);

    Json params = Json.object("text", "ü".repeat(10_000));
    assertThat(client.call("echo", params).get(20, TimeUnit.SECONDS)).isEqualTo(params);
  }

  @Test
  void a_client_refuses_a_certificate_that_it_does_not_trust() throws Exception {
    assertNeverConnects(client(serve(here), Certificates.trusting(elsewhere)));
  }

  @Test
  void a_client_refuses_a_trusted_certificate_of_another_host() throws Exception {
    assertNeverConnects(client(serve(elsewhere), Certificates.trusting(elsewhere)));
  }

  private void assertNeverConnects(RealtimeClient client) {
    client.connect();

    await().until(() -> changes.stream().filter(change -> change.cause() != null).count() >= 2);
    assertThat(changes).noneMatch(change -> change.state() == ConnectionState.CONNECTED);
    assertThat(changes).anyMatch(change -> String.valueOf(change.cause()).contains("SSL"));
  }

  @Test
  void a_renewed_certificate_is_shown_to_newcomers_and_open_sockets_stay() throws Exception {
    Path file = Files.copy(here, made.resolve("serving.p12"));
    RealtimeServer server = serve(file);
    RealtimeClient before = client(server, Certificates.trusting(here));
    before.connect().get(20, TimeUnit.SECONDS);

    Files.copy(renewed, file, StandardCopyOption.REPLACE_EXISTING);

    RealtimeClient after = client(server, Certificates.trusting(renewed));
    after.connect().get(60, TimeUnit.SECONDS); // it tries until the server has seen the file
    assertThat(before.call("echo", Json.EMPTY).get(20, TimeUnit.SECONDS)).isEqualTo(Json.EMPTY);
  }

  @Test
  void a_network_that_takes_no_more_bytes_holds_up_neither_the_next_connection_nor_close()
      throws Exception {
    RealtimeServer server =
        closing.later(
            RealtimeServer.builder()
                .port(0)
                .tls(ServerTls.keyStore(here, Certificates.PASSWORD))
                .authenticator(handshake -> Principal.of(UserId.of(handshake.token().orElse(""))))
                .heartbeatInterval(Duration.ofSeconds(1))
                .heartbeatTimeout(Duration.ofSeconds(1))
                .drainTime(Duration.ZERO)
                .build()
                .start());
    CuttableProxy network = closing.later(new CuttableProxy(server.port()));
    RealtimeClient client =
        RealtimeClient.builder()
            .endpoint(URI.create("wss://localhost:" + network.port() + "/ws"))
            .token("0190a5f0-0000-7000-8000-0000000000ff")
            .sslContext(Certificates.trusting(here))
            .pace(100_000, 100_000)
            .build();
    client.onState(changes::add);
    client.connect().get(20, TimeUnit.SECONDS);
    network.jam();
    Json large = Json.object("text", "x".repeat(50_000));
    for (int i = 0; i < 200; i++) {
      client.call("nobody.answers", large); // until a writer waits inside TLS
    }

    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                changes.stream()
                        .filter(change -> change.state() == ConnectionState.CONNECTED)
                        .count()
                    == 2);
    network.jam();
    for (int i = 0; i < 200; i++) {
      client.call("nobody.answers", large);
    }
    long begin = System.nanoTime();
    client.close();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    // Closing does not wait longer than that for the loop, which may have to encode first.
    await().until(() -> client.state() == ConnectionState.CLOSED);
    // The writer ends by itself; ten megabytes may have to be encrypted first, by a JVM without C2.
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("WebSocketWriteThread")));
  }
}
