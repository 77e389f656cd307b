package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.Transaction;
import dev.realtime4j.fixtures.Postgres;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What is sent in each moment of a Spring transaction commits with it, or is refused. */
class SpringPhasesTest {
  private static final DataSource DATABASE = migrated();
  private static final HikariDataSource ON = Postgres.pool(DATABASE, Postgres.AutoCommit.ON, 4);
  private static final HikariDataSource OFF = Postgres.pool(DATABASE, Postgres.AutoCommit.OFF, 4);

  private final JdbiNotificationRepository repository = JdbiNotificationRepository.create(DATABASE);
  private final UserId user = TestIds.user();
  private final List<NotificationId> sent = new ArrayList<>();
  private final List<NotificationId> pushed = new ArrayList<>();
  private @Nullable Throwable refusal;

  private static DataSource migrated() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    return database;
  }

  @AfterAll
  static void close() {
    ON.close();
    OFF.close();
  }

  private static HikariDataSource pool(Postgres.AutoCommit autoCommit) {
    return autoCommit == Postgres.AutoCommit.ON ? ON : OFF;
  }

  private static TransactionTemplate template(DataSource pool, int propagation) {
    TransactionTemplate template = new TransactionTemplate(new DataSourceTransactionManager(pool));
    template.setPropagationBehavior(propagation);
    return template;
  }

  private static void inTransaction(DataSource pool, Runnable work) {
    template(pool, TransactionDefinition.PROPAGATION_REQUIRED)
        .executeWithoutResult(status -> work.run());
  }

  /** What the server does, for a transaction that is given as the application may give it. */
  private void send(Transaction transaction) {
    NotificationId id = TestIds.next();
    repository.insert(transaction, id, TestIds.titled(user, "order"));
    sent.add(id);
    transaction.afterCommit(() -> pushed.add(id));
  }

  private void trySend(Supplier<Transaction> transaction) {
    refusal = catchThrowable(() -> send(transaction.get()));
  }

  private void sendIn(DataSource pool) {
    send(new SpringTransaction(pool));
  }

  private static void synchronize(TransactionSynchronization synchronization) {
    TransactionSynchronizationManager.registerSynchronization(synchronization);
  }

  private static TransactionSynchronization afterCommit(Runnable work) {
    return new TransactionSynchronization() {
      @Override
      public void afterCommit() {
        work.run();
      }
    };
  }

  private static TransactionSynchronization afterCompletion(Runnable work) {
    return new TransactionSynchronization() {
      @Override
      public void afterCompletion(int status) {
        work.run();
      }
    };
  }

  private List<NotificationId> stored() {
    return Jdbi.create(DATABASE)
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT id FROM realtime.notification WHERE user_id = :user")
                    .bind("user", user.value())
                    .map((row, context) -> new NotificationId(NotificationRows.uuid(row, "id")))
                    .list());
  }

  private void assertRefused() {
    assertThat(refusal)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("the Spring transaction is over")
        .hasMessageContaining("send before the commit, or without the transaction");
    assertThat(stored()).isEmpty();
  }

  private void assertStoredAndPushed() {
    assertThat(stored()).isEqualTo(sent).hasSize(1);
    assertThat(pushed).isEqualTo(sent);
  }

  @ParameterizedTest
  @EnumSource
  void after_the_commit_it_is_refused(Postgres.AutoCommit autoCommit) {
    DataSource pool = pool(autoCommit);
    inTransaction(
        pool, () -> synchronize(afterCommit(() -> trySend(() -> new SpringTransaction(pool)))));
    assertRefused();
  }

  @ParameterizedTest
  @EnumSource
  void after_the_commit_a_statement_of_the_application_does_not_hide_it(
      Postgres.AutoCommit autoCommit) {
    DataSource pool = pool(autoCommit);
    inTransaction(
        pool,
        () ->
            synchronize(
                afterCommit(
                    () -> {
                      new JdbcTemplate(pool).queryForObject("SELECT 1", Integer.class);
                      trySend(() -> new SpringTransaction(pool));
                    })));
    assertRefused();
  }

  @ParameterizedTest
  @EnumSource
  void after_the_commit_a_call_that_takes_part_in_the_transaction_is_refused(
      Postgres.AutoCommit autoCommit) {
    // The trap of a @Transactional method that is called from afterCommit: nothing commits it.
    DataSource pool = pool(autoCommit);
    inTransaction(
        pool,
        () ->
            synchronize(
                afterCommit(
                    () -> inTransaction(pool, () -> trySend(() -> new SpringTransaction(pool))))));
    assertRefused();
  }

  @ParameterizedTest
  @EnumSource
  void after_the_completion_it_is_refused(Postgres.AutoCommit autoCommit) {
    DataSource pool = pool(autoCommit);
    inTransaction(
        pool, () -> synchronize(afterCompletion(() -> trySend(() -> new SpringTransaction(pool)))));
    assertRefused();
  }

  @ParameterizedTest
  @EnumSource
  void the_bare_connection_is_refused_then_as_well(Postgres.AutoCommit autoCommit) {
    DataSource pool = pool(autoCommit);
    Supplier<Transaction> bare = () -> Transaction.of(DataSourceUtils.getConnection(pool));
    inTransaction(pool, () -> synchronize(afterCommit(() -> trySend(bare))));
    assertRefused();
    inTransaction(pool, () -> synchronize(afterCompletion(() -> trySend(bare))));
    assertRefused();
  }

  @ParameterizedTest
  @EnumSource
  void after_a_rollback_it_is_refused(Postgres.AutoCommit autoCommit) {
    DataSource pool = pool(autoCommit);
    template(pool, TransactionDefinition.PROPAGATION_REQUIRED)
        .executeWithoutResult(
            status -> {
              synchronize(afterCompletion(() -> trySend(() -> new SpringTransaction(pool))));
              status.setRollbackOnly();
            });
    assertRefused();
  }

  @ParameterizedTest
  @EnumSource
  void before_the_commit_it_is_stored_and_pushed(Postgres.AutoCommit autoCommit) {
    DataSource pool = pool(autoCommit);
    inTransaction(
        pool,
        () ->
            synchronize(
                new TransactionSynchronization() {
                  @Override
                  public void beforeCommit(boolean readOnly) {
                    sendIn(pool);
                  }
                }));
    assertStoredAndPushed();
  }

  @ParameterizedTest
  @EnumSource
  void before_the_completion_it_is_stored_and_pushed(Postgres.AutoCommit autoCommit) {
    DataSource pool = pool(autoCommit);
    inTransaction(
        pool,
        () ->
            synchronize(
                new TransactionSynchronization() {
                  @Override
                  public void beforeCompletion() {
                    sendIn(pool);
                  }
                }));
    assertStoredAndPushed();
  }

  @ParameterizedTest
  @EnumSource
  void a_transaction_of_its_own_after_the_commit_of_another_is_stored_and_pushed(
      Postgres.AutoCommit autoCommit) {
    DataSource pool = pool(autoCommit);
    TransactionTemplate apart = template(pool, TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    inTransaction(
        pool,
        () -> synchronize(afterCommit(() -> apart.executeWithoutResult(status -> sendIn(pool)))));
    assertStoredAndPushed();
  }

  @Test
  void one_that_is_begun_by_hand_after_the_commit_of_another_is_stored_and_pushed() {
    DataSourceTransactionManager manager = new DataSourceTransactionManager(OFF);
    inTransaction(
        OFF,
        () ->
            synchronize(
                afterCommit(
                    () -> {
                      TransactionStatus status =
                          manager.getTransaction(
                              new DefaultTransactionDefinition(
                                  TransactionDefinition.PROPAGATION_REQUIRES_NEW));
                      // Its own synchronizations are other ones than that which calls here.
                      synchronize(afterCompletion(() -> {}));
                      sendIn(OFF);
                      manager.commit(status);
                    })));
    assertStoredAndPushed();
  }

  /** One class of all of them, as Spring has for the listeners of events. */
  private record Later(Runnable work) implements TransactionSynchronization {
    @Override
    public void afterCommit() {
      work.run();
    }
  }

  private static void inMethod(DataSource pool, int propagation, Runnable method) {
    ProxyFactory proxy = new ProxyFactory(method);
    proxy.addAdvice(
        new TransactionInterceptor(
            (TransactionManager) new DataSourceTransactionManager(pool),
            (called, target) -> new DefaultTransactionAttribute(propagation)));
    ((Runnable) proxy.getProxy()).run();
  }

  @ParameterizedTest
  @EnumSource
  void a_method_of_its_own_transaction_in_a_listener_may_have_listeners_of_the_same_kind(
      Postgres.AutoCommit autoCommit) {
    DataSource pool = pool(autoCommit);
    inMethod(
        pool,
        TransactionDefinition.PROPAGATION_REQUIRED,
        () ->
            synchronize(
                new Later(
                    () ->
                        inMethod(
                            pool,
                            TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                            () -> {
                              synchronize(new Later(() -> {}));
                              sendIn(pool);
                            }))));
    assertStoredAndPushed();
  }

  @ParameterizedTest
  @EnumSource
  void a_method_that_takes_part_in_a_transaction_that_is_over_is_refused(
      Postgres.AutoCommit autoCommit) {
    DataSource pool = pool(autoCommit);
    inMethod(
        pool,
        TransactionDefinition.PROPAGATION_REQUIRED,
        () ->
            synchronize(
                new Later(
                    () ->
                        inMethod(
                            pool,
                            TransactionDefinition.PROPAGATION_REQUIRED,
                            () -> {
                              synchronize(new Later(() -> {}));
                              trySend(() -> new SpringTransaction(pool));
                            }))));
    assertRefused();
  }

  @Test
  void a_transaction_that_is_suspended_is_not_written_into() {
    TransactionTemplate outside = template(OFF, TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
    inTransaction(
        OFF,
        () ->
            outside.executeWithoutResult(
                status ->
                    assertThatThrownBy(() -> sendIn(OFF))
                        .hasMessageContaining(
                            "no Spring transaction of this data source is active here")));
    assertThat(stored()).isEmpty();
  }

  @Test
  void what_is_sent_without_the_transaction_after_the_commit_is_stored() {
    JdbiNotificationRepository plain = JdbiNotificationRepository.create(OFF);
    NotificationId id = TestIds.next();
    inTransaction(
        OFF, () -> synchronize(afterCommit(() -> plain.insert(id, TestIds.titled(user, "order")))));
    assertThat(stored()).containsExactly(id);
  }

  @Test
  void a_read_only_transaction_is_named_and_not_broken() {
    TransactionTemplate reading = template(ON, TransactionDefinition.PROPAGATION_REQUIRED);
    reading.setReadOnly(true);
    reading.executeWithoutResult(
        status -> {
          trySend(() -> new SpringTransaction(ON));
          assertThat(new JdbcTemplate(ON).queryForObject("SELECT 1", Integer.class)).isOne();
        });
    assertThat(refusal)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("read-only (25006)")
        .hasMessageContaining("without readOnly = true");
  }

  @Test
  void a_read_only_transaction_that_only_the_server_knows_of_is_named() throws Exception {
    try (Connection connection = OFF.getConnection()) {
      try (var statement = connection.createStatement()) {
        statement.execute("SET TRANSACTION READ ONLY");
      }
      trySend(() -> Transaction.of(connection));
      connection.rollback();
    }
    assertThat(refusal)
        .isInstanceOfSatisfying(
            RealtimeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("read-only (25006)");
  }
}
