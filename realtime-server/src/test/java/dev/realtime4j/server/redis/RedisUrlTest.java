package dev.realtime4j.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.JedisClientConfig;

class RedisUrlTest {
  @ParameterizedTest
  @CsvSource({
    "redis://localhost, localhost, 6379, 0",
    "redis://localhost:7000/3, localhost, 7000, 3",
    "REDIS://localhost:/, localhost, 6379, 0",
    "redis://my_redis:6379, my_redis, 6379, 0",
    "redis://my_redis, my_redis, 6379, 0",
    "redis://user:secret@my_stack_redis:6380/1, my_stack_redis, 6380, 1",
    "redis://:secret@my_redis/15, my_redis, 6379, 15",
    "redis://a.b_c.example:6379, a.b_c.example, 6379, 0",
    "redis://10.0.0.7:6379, 10.0.0.7, 6379, 0",
    "redis://[::1]:6380/2, ::1, 6380, 2",
    "redis://[::1], ::1, 6379, 0",
    "redis://[fe80::1%eth0]:6380, fe80::1%eth0, 6380, 0",
    "redis://user:secret@[2001:db8::7]:6380, 2001:db8::7, 6380, 0",
    "rediss://redis.example, redis.example, 6379, 0",
  })
  void host_port_and_database_are_read(String url, String host, int port, int database) {
    RedisUrl read = RedisUrl.of(URI.create(url));

    assertThat(read.address().getHost()).isEqualTo(host);
    assertThat(read.address().getPort()).isEqualTo(port);
    assertThat(read.config(1_000).getDatabase()).isEqualTo(database);
    assertThat(read.config(1_000).isSsl()).isEqualTo(url.startsWith("rediss"));
  }

  @ParameterizedTest
  @CsvSource({
    "redis://localhost, , ",
    "redis://:secret@localhost, , secret",
    "redis://anna:secret@localhost, anna, secret",
    "redis://anna:se:cret@my_redis, anna, se:cret",
    "redis://an%3Ana:p%40ss%2Fw%23rd%25@my_redis:6379, an:na, p@ss/w#rd%",
    "redis://anna:a+b%20c@localhost, anna, a+b c",
    "redis://anna:p@ss@localhost, anna, p@ss",
    "redis://anna:gr%C3%BC%C3%9Fe@my_redis, anna, grüße",
  })
  void user_and_password_are_read_as_they_were_before_they_were_escaped(
      String url, String user, String password) {
    JedisClientConfig config = RedisUrl.of(URI.create(url)).config(1_000);

    assertThat(config.getUser()).isEqualTo(user);
    assertThat(config.getPassword()).isEqualTo(password);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://anna:hush@localhost",
        "hush@localhost",
        "redis:hush",
        "redis:///hush",
        "redis://anna:hush@",
        "redis://anna:hush@:6379",
        "redis://hush@localhost",
        "redis://hush:@localhost",
        "redis://anna:hush@localhost:0",
        "redis://anna:hush@localhost:65536",
        "redis://anna:hush@localhost:63790000",
        "redis://anna:hush@localhost:redis",
        "redis://anna:hush@localhost/first",
        "redis://anna:hush@localhost/-1",
        "redis://anna:hush@localhost/1/2",
        "redis://anna:hush@localhost?timeout=1",
        "redis://anna:hush#hush@localhost",
        "redis://anna:hush/hush@localhost",
        "redis://anna:hush@a$b",
        "redis://anna:hush@one:6379,two:6379",
        "rediss://anna:hush@my_redis",
      })
  void what_is_no_such_url_is_refused_and_not_quoted(String url) {
    assertThatThrownBy(() -> RedisBackend.connect(URI.create(url)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("a Redis URL ")
        .hasMessageNotContaining("hush")
        .hasNoCause()
        .extracting("code")
        .isEqualTo(ErrorCode.BAD_REQUEST);
  }

  @Test
  void it_prints_without_user_and_password() {
    assertThat(RedisUrl.of(URI.create("redis://anna:hush@my_redis/2")))
        .hasToString("redis://my_redis:6379/2");
  }
}
