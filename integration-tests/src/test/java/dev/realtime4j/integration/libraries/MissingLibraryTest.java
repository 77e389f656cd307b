package dev.realtime4j.integration.libraries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A library that is missing is told where something is made that needs it, with its artifact. */
class MissingLibraryTest {
  private static final String NIMBUS = "com.nimbusds.";
  private static final String NIMBUS_ARTIFACT = "com.nimbusds:nimbus-jose-jwt";
  private static final String FLYWAY_POSTGRESQL = "org.flywaydb:flyway-database-postgresql";

  static Stream<Arguments> programs() {
    return Stream.of(
        arguments(NIMBUS, Programs.SecretTokens.class, "JwtAuthenticator", NIMBUS_ARTIFACT),
        arguments(NIMBUS, Programs.SecretBytesTokens.class, "JwtAuthenticator", NIMBUS_ARTIFACT),
        arguments(NIMBUS, Programs.PublicKeyTokens.class, "JwtAuthenticator", NIMBUS_ARTIFACT),
        arguments(NIMBUS, Programs.KeySetTokens.class, "JwtAuthenticator", NIMBUS_ARTIFACT),
        arguments(
            "io.micrometer.",
            Programs.Metrics.class,
            "RealtimeMetrics",
            "io.micrometer:micrometer-core"),
        arguments("redis.clients.", Programs.Redis.class, "RedisBackend", "redis.clients:jedis"),
        arguments(
            "org.flywaydb.core.", Programs.Migration.class, "Flyway", "org.flywaydb:flyway-core"),
        arguments("org.flywaydb.", Programs.Migration.class, "Flyway", FLYWAY_POSTGRESQL),
        arguments(
            "org.flywaydb.database.", Programs.Migration.class, "migrating", FLYWAY_POSTGRESQL),
        arguments(
            "org.postgresql.", Programs.Migration.class, "driver", "org.postgresql:postgresql"),
        arguments("org.postgresql.", Programs.Query.class, "driver", "org.postgresql:postgresql"),
        arguments(
            "org.java_websocket.",
            Programs.Server.class,
            "RealtimeServer",
            "org.java-websocket:Java-WebSocket"),
        arguments(
            "org.java_websocket.",
            Programs.Client.class,
            "RealtimeClient",
            "org.java-websocket:Java-WebSocket"),
        arguments(
            "tlschannel.",
            Programs.ServerWithTls.class,
            "TLS",
            "com.github.marianobarrios:tls-channel"));
  }

  @ParameterizedTest(name = "{1} without {0}")
  @MethodSource("programs")
  void it_is_told_with_what_needs_it_and_which_artifact_brings_it(
      String missing, Class<? extends Callable<?>> program, String what, String artifact)
      throws IOException {
    try (WithoutLibrary classes = new WithoutLibrary(missing)) {
      Throwable thrown = classes.run(program);

      assertThat(thrown).isNotNull();
      assertThat(thrown.getClass().getName()).isEqualTo("dev.realtime4j.api.RealtimeException");
      assertThat(thrown).hasMessageContaining(what).hasMessageContaining(artifact);
      assertThat(thrown).extracting("code").hasToString("INTERNAL");
    }
  }

  static Stream<Arguments> programsThatDoWithout() {
    return Stream.of(
        arguments(NIMBUS, Programs.Server.class),
        arguments("io.micrometer.", Programs.Server.class),
        arguments("redis.clients.", Programs.Server.class),
        arguments("org.flywaydb.", Programs.Server.class),
        arguments("tlschannel.", Programs.Server.class));
  }

  @ParameterizedTest(name = "{1} without {0}")
  @MethodSource("programsThatDoWithout")
  void who_does_not_need_it_does_without(String missing, Class<? extends Callable<?>> program)
      throws IOException {
    try (WithoutLibrary classes = new WithoutLibrary(missing)) {
      assertThat(classes.run(program)).isNull();
    }
  }
}
