package dev.realtime4j.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.Json;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.RealtimeServer;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every class, method and field of these libraries that we name is there in the oldest version that
 * we support, in the newest, and in one of each line between them that a framework brings.
 */
class LibrariesLinkingTest {
  @ParameterizedTest
  @CsvSource({"10.0.0", "11.7.2", "12.4.0", "13.12.0"})
  void our_migration_links_with_flyway(String version) {
    links(RealtimeSchema.class, "flyway-core-" + version, "org.flywaydb", 10);
  }

  @ParameterizedTest
  @CsvSource({"9.37", "10.0.1", "10.10"})
  void our_tokens_link_with_nimbus(String version) {
    links(RealtimeServer.class, "nimbus-jose-jwt-" + version, "com.nimbusds", 20);
  }

  @ParameterizedTest
  @CsvSource({"2.17.0", "2.19.4", "2.22.4"})
  void our_codec_links_with_jackson(String version) {
    links(Json.class, "jackson-core-" + version, "com.fasterxml.jackson.core", 20);
  }

  @ParameterizedTest
  @CsvSource({"1.13.0", "1.15.6", "1.17.2"})
  void our_meters_link_with_micrometer(String version) {
    links(RealtimeServer.class, "micrometer-core-" + version, "io.micrometer", 10);
  }

  /** Our module descriptors name them; a jar that renames itself is not found on a module path. */
  @Test
  void every_version_has_the_module_name_that_we_require() throws IOException {
    Map<String, String> names =
        Map.of(
            "flyway-core", "flyway.core",
            "nimbus-jose-jwt", "com.nimbusds.jose.jwt",
            "jackson-core", "com.fasterxml.jackson.core",
            "micrometer-core", "micrometer.core",
            "jedis", "redis.clients.jedis");
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("libraries")))) {
      assertThat(jars.filter(jar -> jar.toString().endsWith(".jar")))
          .hasSizeGreaterThan(names.size())
          .allSatisfy(
              jar -> {
                String artifact = jar.getFileName().toString().replaceFirst("-[0-9].*", "");
                assertThat(ModuleFinder.of(jar).findAll())
                    .extracting(module -> module.descriptor().name())
                    .containsExactly(names.get(artifact));
              });
    }
  }

  private static void links(Class<?> ours, String jar, String prefix, int atLeast) {
    Classes library = Classes.in(Path.of(System.getProperty("libraries"), jar + ".jar"));
    Linking linking = new Linking(Classes.besides(ours), library, prefix);

    assertThat(linking.problems()).isEmpty();
    assertThat(linking.checked()).as("members that were looked for").isGreaterThan(atLeast);
  }
}
