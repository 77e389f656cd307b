package dev.realtime4j.compatibility.boot;

import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What docs/compatibility.md warns of: our migrations as a Flyway bean beside Boot's own. */
@Configuration
@ConditionalOnProperty("shop.flyway-bean")
class FlywayBean {
  @Bean(initMethod = "migrate")
  Flyway realtimeFlyway(DataSource dataSource) {
    return Flyway.configure()
        .dataSource(dataSource)
        .schemas("realtime")
        .table("realtime_schema_history")
        .locations("classpath:dev/realtime4j/jdbi/migration")
        .placeholders(Map.of("realtime_schema", "realtime"))
        .load();
  }
}
