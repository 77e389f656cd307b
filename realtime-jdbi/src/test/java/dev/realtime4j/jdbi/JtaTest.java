package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.fixtures.Postgres;
import io.agroal.api.AgroalDataSource;
import io.agroal.narayana.NarayanaTransactionIntegration;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pool whose connections take part in JTA transactions: Agroal with Narayana. */
class JtaTest {
  private static final TransactionManager MANAGER =
      com.arjuna.ats.jta.TransactionManager.transactionManager();
  private static final TransactionSynchronizationRegistry REGISTRY =
      new TransactionSynchronizationRegistryImple();
  private static final DataSource DATABASE = Postgres.database();
  private static final AgroalDataSource POOL = pool();

  private final JdbiNotificationRepository repository = JdbiNotificationRepository.create(POOL);
  private final UserId user = TestIds.user();
  private final List<NotificationId> pushed = new ArrayList<>();

  private static AgroalDataSource pool() {
    RealtimeSchema.DEFAULT.migrate(DATABASE);
    Jdbi.create(DATABASE).useHandle(handle -> handle.execute("CREATE TABLE orders (id int)"));
    return Pools.agroal(
        Postgres.url(DATABASE), true, new NarayanaTransactionIntegration(MANAGER, REGISTRY));
  }

  @BeforeEach
  void empty() {
    Jdbi.create(DATABASE).useHandle(handle -> handle.execute("TRUNCATE orders"));
  }

  @AfterEach
  void end() throws Exception {
    if (MANAGER.getTransaction() != null) {
      MANAGER.rollback();
    }
  }

  @AfterAll
  static void close() {
    POOL.close();
  }

  private static int orders() {
    return Jdbi.create(DATABASE)
        .withHandle(
            handle -> handle.createQuery("SELECT count(*) FROM orders").mapTo(Integer.class).one());
  }

  private static void order() throws Exception {
    try (Connection connection = POOL.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO orders VALUES (1)");
    }
  }

  private NotificationId send() throws Exception {
    try (Connection connection = POOL.getConnection()) {
      JtaTransaction transaction = new JtaTransaction(REGISTRY, connection);
      NotificationId id = TestIds.next();
      transaction.afterCommit(() -> pushed.add(id));
      repository.insert(transaction, id, TestIds.titled(user, "order"));
      return id;
    }
  }

  @Test
  void with_the_transaction_it_commits_with_it_and_hears_of_it() throws Exception {
    MANAGER.begin();
    order();
    NotificationId id = send();
    assertThat(pushed).isEmpty();
    MANAGER.commit();
    assertThat(pushed).containsExactly(id);
    assertThat(orders()).isOne();
    assertThat(repository.pending(List.of(id))).hasSize(1);
  }

  @Test
  void with_the_transaction_it_rolls_back_with_it() throws Exception {
    MANAGER.begin();
    order();
    NotificationId id = send();
    MANAGER.rollback();
    assertThat(pushed).isEmpty();
    assertThat(orders()).isZero();
    assertThat(repository.pending(List.of(id))).isEmpty();
  }

  @Test
  void without_it_every_call_is_refused_by_name_and_changes_nothing() throws Exception {
    for (Map.Entry<String, Runnable> call : Calls.of(Jdbi.create(POOL)).entrySet()) {
      MANAGER.begin();
      assertThatThrownBy(() -> call.getValue().run())
          .as("first: " + call.getKey())
          .hasMessageContaining("JTA")
          .hasMessageContaining("Give realtime4j the pool itself")
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
      order();
      assertThatThrownBy(() -> call.getValue().run())
          .as(call.getKey())
          .hasMessageContaining("the pool manages its transaction (JTA)")
          .isInstanceOfSatisfying(
              RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
      MANAGER.rollback();
      assertThat(orders()).as(call.getKey()).isZero();
    }
  }

  @Test
  void a_refused_call_does_not_stand_in_the_way_of_the_commit() throws Exception {
    MANAGER.begin();
    assertThatThrownBy(() -> repository.unreadCount(user)).isInstanceOf(RealtimeException.class);
    order();
    MANAGER.commit();
    assertThat(orders()).isOne();
  }

  @Test
  void outside_of_a_transaction_every_call_works() {
    Calls.of(Jdbi.create(POOL)).values().forEach(Runnable::run);
    assertThat(POOL.getMetrics().activeCount()).isZero();
  }

  @Test
  void after_the_transaction_or_marked_for_rollback_it_is_refused() throws Exception {
    List<Throwable> refused = new ArrayList<>();
    MANAGER.begin();
    REGISTRY.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            try {
              send();
            } catch (Exception e) {
              refused.add(e);
            }
          }
        });
    MANAGER.commit();
    MANAGER.begin();
    try (Connection connection = POOL.getConnection()) {
      MANAGER.setRollbackOnly();
      assertThatThrownBy(() -> new JtaTransaction(REGISTRY, connection))
          .hasMessage("no JTA transaction is active here");
    }
    MANAGER.rollback();
    assertThat(refused).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(refused.get(0)).hasMessage("no JTA transaction is active here");
  }
}
