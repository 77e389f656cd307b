package dev.realtime4j.compatibility.boot;

import dev.realtime4j.jdbi.JdbiConnectionLog;
import dev.realtime4j.jdbi.JdbiNotificationRepository;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.jwt.JwtAuthenticator;
import dev.realtime4j.server.metrics.RealtimeMetrics;
import dev.realtime4j.server.redis.RedisBackend;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.URI;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A node in the application's process. Spring closes it before what it stands on. */
@Configuration
class RealtimeConfiguration {
  @Bean
  RedisBackend realtimeRedis(@Value("${realtime.redis}") URI redis) {
    return RedisBackend.connect(redis);
  }

  @Bean
  RealtimeServer realtimeServer(
      DataSource dataSource, RedisBackend redis, @Value("${realtime.secret}") String secret) {
    RealtimeSchema.DEFAULT.migrate(dataSource);
    return RealtimeServer.builder()
        .port(0)
        .authenticator(JwtAuthenticator.hs256(secret))
        .cluster(redis)
        .notifications(JdbiNotificationRepository.create(dataSource))
        .connectionLog(JdbiConnectionLog.create(dataSource))
        .build()
        .start();
  }

  @Bean
  MeterBinder realtimeMeters(RealtimeServer server) {
    return RealtimeMetrics.of(server);
  }
}
