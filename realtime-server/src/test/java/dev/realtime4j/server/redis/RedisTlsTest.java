package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.cluster.ClusterBus;
import dev.realtime4j.fixtures.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code rediss://}: Redis behind TLS, and only behind the certificate of the host that is meant.
 */
class RedisTlsTest {
  @TempDir static Path directory;
  private static SSLContext before;
  private static TestRedis redis;
  private static ServerSocket terminator;

  @BeforeAll
  static void start() throws Exception {
    Path keyStore = Certificates.keyStore(directory.resolve("redis.p12"), "dns:localhost");
    before = SSLContext.getDefault();
    SSLContext.setDefault(Certificates.trusting(keyStore));
    redis = TestRedis.start();
    terminator = serving(keyStore).getServerSocketFactory().createServerSocket(0);
    inBackground(RedisTlsTest::accept);
  }

  @AfterAll
  static void stop() throws IOException {
    SSLContext.setDefault(before);
    terminator.close();
    redis.close();
  }

  @Test
  void stores_and_bus_go_through_it() {
    try (RedisBackend cluster = RedisBackend.connect(url("localhost"))) {
      ServerId server = new ServerId("node-1");
      cluster.servers().beat(server, Instant.now(), Duration.ofMinutes(1));
      assertThat(cluster.servers().alive()).containsExactly(server);

      ClusterBus bus = cluster.bus(server);
      bus.start(new RecordedBus());
      await().until(bus::isConnected);
      bus.close();
    }
  }

  @Test
  void the_certificate_of_another_host_is_refused() {
    try (RedisBackend cluster = RedisBackend.connect(url("127.0.0.1"))) {
      assertThatThrownBy(() -> cluster.servers().alive())
          .isInstanceOf(RealtimeException.class)
          .hasRootCauseInstanceOf(CertificateException.class)
          .extracting("code")
          .isEqualTo(ErrorCode.UNAVAILABLE);
    }
  }

  private static URI url(String host) {
    return URI.create("rediss://" + host + ":" + terminator.getLocalPort());
  }

  private static SSLContext serving(Path keyStore) throws Exception {
    char[] password = Certificates.PASSWORD.toCharArray();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      keys.load(in, password);
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void accept() throws IOException {
    while (true) {
      Socket client = terminator.accept();
      Socket server = new Socket("127.0.0.1", redis.address().getPort());
      inBackground(() -> copy(client, server));
      inBackground(() -> copy(server, client));
    }
  }

  private static void copy(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] some = new byte[8_192];
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        out.write(some, 0, n);
        out.flush();
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void inBackground(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException ended) {
                return;
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
