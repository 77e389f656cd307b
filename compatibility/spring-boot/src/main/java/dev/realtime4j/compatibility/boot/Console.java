package dev.realtime4j.compatibility.boot;

import dev.realtime4j.api.UserId;
import dev.realtime4j.server.RealtimeServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.CommandLineRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Does what the lines of the standard input say, on a thread that keeps no process alive. */
@Component
class Console implements CommandLineRunner {
  private static final Set<Thread> FROM_THE_START = Thread.getAllStackTraces().keySet();

  private final ConfigurableApplicationContext context;
  private final RealtimeServer realtime;
  private final Orders orders;
  private final JdbcTemplate jdbc;
  private final StringRedisTemplate redis;
  private final MeterRegistry meters;

  Console(
      ConfigurableApplicationContext context,
      RealtimeServer realtime,
      Orders orders,
      JdbcTemplate jdbc,
      StringRedisTemplate redis,
      MeterRegistry meters) {
    this.context = context;
    this.realtime = realtime;
    this.orders = orders;
    this.jdbc = jdbc;
    this.redis = redis;
    this.meters = meters;
  }

  @Override
  public void run(String... arguments) {
    say(realtime.port());
    Thread thread = new Thread(this::obey, "console");
    thread.setDaemon(true);
    thread.start();
  }

  private void obey() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("close")) {
          Thread closing = new Thread(this::close, "closing");
          closing.setDaemon(false); // the process is to live until it has told what is left
          closing.start();
        } else {
          say(answer(line.split(" ")));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void close() {
    context.close();
    say(left());
  }

  private Object answer(String[] command) {
    try {
      return switch (command[0]) {
        case "ship" -> {
          orders.ship(new UserId(UUID.fromString(command[1])), command[2]);
          yield "shipped";
        }
        case "fail" -> {
          orders.shipAndFail(new UserId(UUID.fromString(command[1])), command[2]);
          yield "not reached";
        }
        case "orders" -> orders.count();
        case "sockets" -> meters.get("realtime.sockets").gauge().value();
        case "redis" -> {
          RedisConnectionFactory factory = redis.getRequiredConnectionFactory();
          redis.opsForValue().set("shop", "open");
          yield factory.getClass().getSimpleName() + " " + redis.opsForValue().get("shop");
        }
        case "histories" ->
            jdbc.queryForList(
                "SELECT schemaname || '.' || tablename FROM pg_tables"
                    + " WHERE tablename LIKE '%schema_history' ORDER BY 1",
                String.class);
        default -> throw new IllegalArgumentException(command[0]);
      };
    } catch (RuntimeException e) {
      return e.getMessage();
    }
  }

  /** Threads that outlive the context: the JVM's and this one do; a pool's end a little later. */
  private static List<String> left() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    List<Thread> others =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !FROM_THE_START.contains(thread))
            .filter(thread -> thread != Thread.currentThread())
            .filter(thread -> !Set.of("DestroyJavaVM", "console").contains(thread.getName()))
            .toList();
    for (Thread thread : others) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, end - System.nanoTime()));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return others.stream().filter(Thread::isAlive).map(Thread::getName).sorted().toList();
  }

  private static void say(Object what) {
    System.out.println("app: " + what);
  }
}
