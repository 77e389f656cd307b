package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.PageRequest;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.SocketId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.connectionlog.ConnectionLogEntry;
import dev.realtime4j.contract.ConnectionLogContract;
import dev.realtime4j.fixtures.Postgres;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class JdbiConnectionLogTest extends ConnectionLogContract {
  private static final HikariDataSource POOL =
      Postgres.pool(Postgres.database(), Postgres.AutoCommit.OFF, 5);
  private static final ConnectionLog LOG = log(POOL);

  private static ConnectionLog log(HikariDataSource pool) {
    RealtimeSchema.DEFAULT.migrate(pool);
    return JdbiConnectionLog.create(pool);
  }

  @AfterAll
  static void close() {
    POOL.close();
  }

  @Override
  protected ConnectionLog log() {
    return LOG;
  }

  private static ConnectionLogEntry entry(UserId user, Instant at, String address, String agent)
      throws Exception {
    return new ConnectionLogEntry(
        TestIds.at(at).value(),
        user,
        new ServerId("node"),
        new SocketId("socket"),
        InetAddress.getByName(address),
        agent,
        at,
        null,
        null,
        null);
  }

  private @Nullable String agentOf(UserId user) {
    return LOG.connections(user, PageRequest.first(1)).items().get(0).userAgent();
  }

  @Test
  void a_user_agent_is_cleaned_of_nul_and_cut() throws Exception {
    UserId user = TestIds.user();
    String agent = "a\0b" + "x".repeat(509) + "🎉" + "y".repeat(9_000);
    LOG.write(List.of(entry(user, Instant.now(), "192.0.2.1", agent)));
    assertThat(agentOf(user)).isEqualTo("ab" + "x".repeat(509));
  }

  @Test
  void half_of_a_surrogate_pair_in_what_a_stranger_wrote_is_replaced_and_hinders_no_row()
      throws Exception {
    UserId user = TestIds.user();
    LOG.write(List.of(entry(user, Instant.now(), "192.0.2.1", "a\ud800b\udc00🎉")));
    assertThat(agentOf(user)).isEqualTo("a\ufffdb\ufffd🎉");
  }

  @Test
  void a_link_local_address_is_written_without_its_interface() throws Exception {
    UserId user = TestIds.user();
    LOG.write(List.of(entry(user, Instant.now(), "fe80::1%1", "agent")));
    assertThat(LOG.connections(user, PageRequest.first(1)).items().get(0).remoteAddress())
        .isEqualTo(InetAddress.getByName("fe80::1"));
  }

  @Test
  void a_month_without_a_partition_gets_one() throws Exception {
    UserId user = TestIds.user();
    LOG.write(List.of(entry(user, TestIds.monthsAgo(30), "192.0.2.1", "agent")));
    assertThat(agentOf(user)).isEqualTo("agent");
  }
}
