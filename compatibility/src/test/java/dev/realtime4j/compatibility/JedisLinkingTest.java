package dev.realtime4j.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.server.redis.JedisCluster;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every class, method and field of Jedis that we name is there in each version that we support. */
class JedisLinkingTest {
  @ParameterizedTest
  @ValueSource(strings = {"8.0.2"})
  void our_classes_link_with(String version) {
    Classes jedis =
        Classes.in(Path.of(System.getProperty("libraries"), "jedis-" + version + ".jar"));
    Classes ours =
        Classes.besides(JedisCluster.class).ofPackage(JedisCluster.class.getPackageName());
    Linking linking = new Linking(ours, jedis, "redis.clients");

    assertThat(linking.problems()).isEmpty();
    assertThat(linking.checked()).isGreaterThan(20);
  }
}
