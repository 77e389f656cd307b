package dev.realtime4j.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.fixtures.Redis;
import dev.realtime4j.server.redis.RedisBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each supported version of Jedis serves, by itself; an older one is refused with what to do. */
class JedisVersionsTest {
  private static Redis redis;

  @BeforeAll
  static void start() {
    redis = Redis.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.2.0", "6.0.0", "6.2.0", "7.0.0", "7.4.1", "8.0.2"})
  void all_that_we_name_of_it_is_there(String version) {
    Classes ours =
        Classes.besides(RedisBackend.class).ofPackage(RedisBackend.class.getPackageName());
    Linking linking =
        new Linking(ours, Classes.in(OtherVersion.jar("jedis", version)), "redis.clients");

    assertThat(linking.problems()).isEmpty();
    assertThat(linking.checked()).isGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.2.0", "6.0.0", "6.2.0", "7.0.0", "7.4.1", "8.0.2"})
  void it_serves_without_what_it_brings(String version) throws Exception {
    try (OtherVersion classes = OtherVersion.of("jedis", version)) {
      assertThat(classes.where("redis.clients.jedis.UnifiedJedis"))
          .isEqualTo(OtherVersion.jar("jedis", version));
      assertThat(classes.run(RedisStory.class, redis.url().toString()))
          .isEqualTo(RedisStory.EXPECTED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.8.0", "4.4.8", "5.0.2", "5.1.5"})
  void an_older_one_is_refused_with_what_works_and_the_property_to_set(String version)
      throws Exception {
    try (OtherVersion classes = OtherVersion.of("jedis", version)) {
      assertThatThrownBy(() -> classes.run(RedisStory.class, redis.url().toString()))
          .hasMessageContaining("RedisBackend needs Jedis 5.2 or newer")
          .hasMessageContaining(version.equals("3.8.0") ? "an older one" : version)
          .hasMessageContaining("jedis.version");
    }
  }
}
