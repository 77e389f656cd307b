package dev.realtime4j.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.api.Json;
import dev.realtime4j.jdbi.RealtimeSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The standalone node on a real database that is not yet as it has to be. */
@Execution(ExecutionMode.CONCURRENT)
@SuppressWarnings("NullAway.Init")
class NotReadyNodeTest {
  private final Closing closing = new Closing();
  private final HttpClient client = HttpClient.newHttpClient();
  private EmbeddedPostgres postgres;
  private Jdbi owner;
  private RunningNode node;

  @BeforeEach
  void startPostgres() throws Exception {
    postgres = closing.later(EmbeddedPostgres.start());
    owner = Jdbi.create(postgres.getPostgresDatabase());
    owner.useHandle(handle -> handle.execute("CREATE ROLE app LOGIN"));
  }

  @AfterEach
  void closeAll() {
    closing.close();
  }

  private void startAsApp() {
    Map<String, String> environment =
        Map.of(
            "REALTIME_JWT_SECRET", "a secret of more than thirty-two bytes",
            "REALTIME_WS_PORT", "0",
            "REALTIME_HTTP_PORT", "0",
            "REALTIME_DRAIN_TIME", "0s",
            "REALTIME_JDBC_URL", postgres.getJdbcUrl("app", "postgres"));
    node = closing.later(RunningNode.start(NodeSettings.read(environment)));
  }

  private HttpResponse<String> health(String which) throws IOException, InterruptedException {
    URI uri =
        URI.create("http://localhost:" + node.httpPort() + "/api/v1/realtime/health/" + which);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private void awaitReady() {
    await().atMost(Duration.ofSeconds(30)).until(() -> health("ready").statusCode() == 200);
  }

  @Test
  void without_tables_it_lives_is_not_ready_says_why_and_becomes_ready_when_they_are_there()
      throws Exception {
    startAsApp();

    HttpResponse<String> ready = health("ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(Json.parse(ready.body()).fields().get("status")).isEqualTo(Json.of("not_ready"));
    assertThat(ready.body()).contains("notifications.store").contains("RealtimeSchema.migrate");
    assertThat(health("live").statusCode()).isEqualTo(200);

    RealtimeSchema.DEFAULT.migrate(postgres.getPostgresDatabase());
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(health("ready").body()).contains("GRANT USAGE ON SCHEMA realtime"));
    assertThat(health("ready").statusCode()).isEqualTo(503);

    owner.useHandle(
        handle ->
            handle.execute(
                "GRANT USAGE ON SCHEMA realtime TO app;"
                    + "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA realtime TO app"));
    awaitReady();
  }

  @Test
  void without_a_right_it_is_not_ready_until_it_is_granted() throws Exception {
    RealtimeSchema.DEFAULT.migrate(postgres.getPostgresDatabase());
    owner.useHandle(
        handle ->
            handle.execute(
                "GRANT USAGE ON SCHEMA realtime TO app;"
                    + "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA realtime TO app;"
                    + "REVOKE INSERT ON realtime.connection_log FROM app"));
    startAsApp();

    assertThat(health("ready").statusCode()).isEqualTo(503);
    assertThat(health("ready").body()).contains("INSERT connection_log");

    owner.useHandle(handle -> handle.execute("GRANT INSERT ON realtime.connection_log TO app"));
    awaitReady();
  }
}
