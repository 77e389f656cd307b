package dev.realtime4j.integration.libraries;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import dev.realtime4j.server.metrics.RealtimeMetrics;
import dev.realtime4j.server.redis.RedisBackend;
import dev.realtime4j.server.tls.ServerTls;
import java.io.PrintWriter;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.sql.DataSource;

/** What an application does that lacks a library; each is run by {@link WithoutLibrary}. */
final class Programs {
  private Programs() {}

  private static RealtimeServer.Builder server() {
    return RealtimeServer.builder()
        .port(0)
        .authenticator(handshake -> new Principal(new UserId(UUID.randomUUID()), Set.of(), null));
  }

  static final class SecretTokens implements Callable<Object> {
    @Override
    public Object call() {
      return JwtAuthenticator.hs256("a secret of at least thirty-two bytes");
    }
  }

  static final class SecretBytesTokens implements Callable<Object> {
    @Override
    public Object call() {
      return JwtAuthenticator.hs256(new byte[32]);
    }
  }

  static final class PublicKeyTokens implements Callable<Object> {
    @Override
    public Object call() throws Exception {
      return JwtAuthenticator.builder()
          .publicKey(KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic())
          .build();
    }
  }

  static final class KeySetTokens implements Callable<Object> {
    @Override
    public Object call() {
      return JwtAuthenticator.jwks(URI.create("https://login.example.org/jwks.json"));
    }
  }

  static final class Metrics implements Callable<Object> {
    @Override
    public Object call() {
      return RealtimeMetrics.of(server().build());
    }
  }

  static final class Redis implements Callable<Object> {
    @Override
    public Object call() {
      return RedisBackend.connect(URI.create("redis://localhost:6379"));
    }
  }

  static final class Server implements Callable<Object> {
    @Override
    public Object call() {
      return server().build();
    }
  }

  static final class ServerWithTls implements Callable<Object> {
    @Override
    public Object call() throws Exception {
      return server().tls(ServerTls.of(SSLContext.getDefault())).build();
    }
  }

  static final class Client implements Callable<Object> {
    @Override
    public Object call() {
      return RealtimeClient.builder()
          .endpoint(URI.create("ws://localhost:8080/ws"))
          .token("token")
          .build();
    }
  }

  static final class Migration implements Callable<Object> {
    @Override
    public Object call() {
      RealtimeSchema.DEFAULT.migrate(new ByDriverManager());
      return "";
    }
  }

  static final class Query implements Callable<Object> {
    @Override
    public Object call() {
      return JdbiNotificationRepository.create(new ByDriverManager())
          .unreadCount(new UserId(UUID.randomUUID()));
    }
  }

  /** As applications without a pool have it. */
  private static final class ByDriverManager implements DataSource {
    @Override
    public Connection getConnection() throws SQLException {
      return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:1/app");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
      return new PrintWriter(System.err, true);
    }

    @Override
    public void setLogWriter(PrintWriter out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int getLoginTimeout() {
      return 0;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }
}
