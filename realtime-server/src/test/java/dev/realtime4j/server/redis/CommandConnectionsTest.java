package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

class CommandConnectionsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private CommandConnections connections = of(2, Duration.ofMillis(50), LONG);

  @AfterEach
  void close() {
    connections.close();
  }

  @Test
  void a_connection_that_was_given_back_is_used_again() {
    Connection first = connections.getConnection();
    assertThat(first.ping()).isTrue();
    first.close();

    assertThat(connections.getConnection()).isSameAs(first);
    assertThat(first.ping()).isTrue();
  }

  @Test
  void giving_back_twice_makes_no_second_one_free() {
    connections.getConnection();
    Connection second = connections.getConnection();
    second.close();
    second.close();

    assertThat(connections.getConnection()).isSameAs(second);
    assertThatThrownBy(connections::getConnection).isInstanceOf(JedisException.class);
  }

  @Test
  void who_finds_none_free_waits_for_so_long_and_no_longer() throws Exception {
    connections.getConnection();
    Connection second = connections.getConnection();
    assertThatThrownBy(connections::getConnection)
        .isInstanceOf(JedisException.class)
        .isNotInstanceOf(JedisConnectionException.class)
        .hasMessageContaining("within 50 ms");

    CommandConnections patient = of(1, LONG, LONG);
    Connection only = patient.getConnection();
    CompletableFuture<Connection> waiting = CompletableFuture.supplyAsync(patient::getConnection);
    only.close();
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isSameAs(only);
    patient.close();
    second.close();
  }

  @Test
  void a_broken_one_is_replaced() {
    Connection broken = connections.getConnection();
    broken.setBroken();
    broken.close();

    assertThat(broken.isConnected()).isFalse();
    Connection other = connections.getConnection();
    assertThat(other).isNotSameAs(broken);
    assertThat(other.ping()).isTrue();
  }

  @Test
  void what_was_idle_for_too_long_is_replaced() {
    connections = of(2, LONG, Duration.ZERO);
    Connection old = connections.getConnection();
    old.close();

    assertThat(connections.getConnection()).isNotSameAs(old);
    assertThat(old.isConnected()).isFalse();
  }

  @Test
  void forgetting_the_idle_ones_leaves_those_in_use_alone() {
    Connection used = connections.getConnection();
    Connection idle = connections.getConnection();
    idle.close();

    connections.forgetIdle();

    assertThat(idle.isConnected()).isFalse();
    assertThat(used.ping()).isTrue();
  }

  @Test
  void a_thread_that_is_interrupted_gets_one_that_is_free_and_does_not_wait() {
    Thread.currentThread().interrupt();
    connections.getConnection();
    connections.getConnection();
    assertThatThrownBy(connections::getConnection).hasMessageContaining("interrupted");

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void after_the_close_there_is_none_and_what_comes_back_ends() {
    Connection used = connections.getConnection();
    connections.close();

    assertThat(used.ping()).isTrue();
    used.close();
    assertThat(used.isConnected()).isFalse();
    assertThatThrownBy(connections::getConnection).hasMessageContaining("closed");
  }

  private static CommandConnections of(int most, Duration maxWait, Duration maxIdle) {
    return new CommandConnections(
        new DefaultJedisSocketFactory(TestRedis.shared().address(), TestRedis.config()),
        TestRedis.config(),
        most,
        maxWait,
        maxIdle,
        System::nanoTime);
  }
}
