package dev.realtime4j.server.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.UnifiedJedis;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A Redis server on a port of its own: the embedded 6.2, or the one that is installed. */
public final class TestRedis implements AutoCloseable {
  private enum Kind {
    ALONE,
    CLUSTERED,
    INSTALLED
  }

  private static final TestRedis SHARED = start();

  /** A clustered server also opens the port 10,000 above its own. */
  private static final int LOWEST_OF_CONNECTIONS = 32_768 - 10_000;

  private final Kind kind;
  private final int port;
  private RedisServer server;

  private TestRedis(Kind kind) {
    this.kind = kind;
    this.port = freePort();
    this.server = started();
  }

  /** One for all tests of this run that do not disturb it. */
  public static TestRedis shared() {
    return SHARED;
  }

  public static TestRedis start() {
    return new TestRedis(Kind.ALONE);
  }

  /** A master of a Redis Cluster that is yet to be joined. */
  public static TestRedis startClustered() {
    return new TestRedis(Kind.CLUSTERED);
  }

  /** The program {@code redis-server} of this machine. */
  public static TestRedis startInstalled() {
    return new TestRedis(Kind.INSTALLED);
  }

  public static JedisClientConfig config() {
    return DefaultJedisClientConfig.builder().build();
  }

  public URI url() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  public HostAndPort address() {
    return new HostAndPort("127.0.0.1", port);
  }

  /** A client for looking at what is stored; the caller closes it. */
  public UnifiedJedis client() {
    return new OwnClient(address(), config());
  }

  /** The process that serves. */
  long pid() {
    try (Jedis client = new Jedis(address())) {
      return client
          .info("server")
          .lines()
          .filter(line -> line.startsWith("process_id:"))
          .mapToLong(line -> Long.parseLong(line.substring(11).trim()))
          .findFirst()
          .orElseThrow();
    }
  }

  public void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again, empty, on the same port. */
  public void startAgain() {
    server = started();
  }

  @Override
  public void close() {
    stop();
  }

  /** None of those that the system gives to a connection meanwhile. */
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, LOWEST_OF_CONNECTIONS);
      try (ServerSocket free = new ServerSocket(port)) {
        return free.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
  }

  private RedisServer started() {
    try {
      RedisServerBuilder builder =
          RedisServer.newRedisServer().port(port).setting("save \"\"").setting("appendonly no");
      if (kind == Kind.CLUSTERED) {
        builder
            .setting("cluster-enabled yes")
            .setting("cluster-require-full-coverage no")
            .setting("cluster-config-file nodes-" + port + ".conf");
      } else if (kind == Kind.INSTALLED) {
        builder.executableProvider(TestRedis::installed);
      }
      RedisServer started = builder.build();
      started.start();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static File installed() throws IOException {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> new File(directory, "redis-server"))
        .filter(File::canExecute)
        .findFirst()
        .orElseThrow(() -> new IOException("redis-server is not installed"));
  }
}
