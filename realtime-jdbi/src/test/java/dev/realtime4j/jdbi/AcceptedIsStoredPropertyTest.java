package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Measured;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.notification.NotificationId;
import dev.realtime4j.api.notification.NotificationStore.Stored.Outcome;
import dev.realtime4j.fixtures.Postgres;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Whatever the builder accepts is stored, inside the application's own transaction, which nothing
 * of ours may end; what it refuses is refused with a sentence, and PostgreSQL would refuse it too.
 */
class AcceptedIsStoredPropertyTest {
  private static final HikariDataSource POOL = Postgres.pool(migrated(), Postgres.AutoCommit.ON, 4);
  private static final Jdbi JDBI = Jdbi.create(POOL);
  private static final JdbiNotificationRepository REPOSITORY =
      JdbiNotificationRepository.create(JDBI);

  private final UserId user = TestIds.user();

  @AfterContainer
  static void close() {
    POOL.close();
  }

  private static DataSource migrated() {
    DataSource database = Postgres.database();
    RealtimeSchema.DEFAULT.migrate(database);
    return database;
  }

  /** Null when it was refused, with a sentence. */
  private static @Nullable NewNotification built(Supplier<NewNotification> builder) {
    try {
      return builder.get();
    } catch (InvalidValueException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
      assertThat(e.getMessage()).isNotBlank();
      return null;
    }
  }

  /** Null for what is refused before anybody asks for more: longer numbers, half of a pair. */
  private static @Nullable Json parsed(String text) {
    try {
      return Json.parse(text);
    } catch (InvalidValueException e) {
      assertThat(e.getMessage()).startsWith("not JSON");
      return null;
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void data_that_is_accepted_is_stored_with_the_size_that_was_measured(
      @ForAll("documents") String text) {
    Json data = parsed(text);
    if (data == null) {
      return;
    }
    NewNotification accepted = built(() -> NewNotification.to(user).title("t").data(data).build());
    if (accepted == null) {
      return;
    }
    NotificationId id = TestIds.next();
    JDBI.useTransaction(
        handle -> {
          REPOSITORY.insert(JdbiTransaction.of(handle), id, accepted);
          assertThat(storedBytes(handle, id)).isEqualTo(Measured.storedBytes(data));
        });
    // And it can be read again, as it is.
    Notification read = REPOSITORY.pending(List.of(id)).get(0);
    assertThat(Measured.storedBytes(read.content().data())).isEqualTo(Measured.storedBytes(data));
  }

  /** Without a name that stands twice: PostgreSQL forgives what it drops. */
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void data_that_is_refused_would_be_refused_by_postgresql(@ForAll("flat") String text) {
    Json data = parsed(text);
    if (data != null
        && built(() -> NewNotification.to(user).title("t").data(data).build()) == null) {
      assertPostgresRefuses(data);
    }
  }

  private void assertPostgresRefuses(Json data) {
    assertThatThrownBy(
            () ->
                JDBI.useHandle(
                    handle ->
                        handle
                            .createUpdate(
                                "INSERT INTO realtime.notification (user_id, title, data)"
                                    + " VALUES (:user, 't', :data::jsonb)")
                            .bind("user", user.value())
                            .bind("data", data.text())
                            .execute()))
        .isInstanceOf(JdbiException.class);
  }

  private static int storedBytes(Handle handle, NotificationId id) {
    return handle
        .createQuery("SELECT octet_length(data::text) FROM realtime.notification WHERE id = :id")
        .bind("id", id.value())
        .mapTo(Integer.class)
        .one();
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void texts_that_are_accepted_are_stored_and_two_keys_never_become_one(
      @ForAll("texts") String title,
      @ForAll("texts") String body,
      @ForAll("texts") String key,
      @ForAll("texts") String otherKey) {
    UserId receiver = TestIds.user();
    Set<String> keys =
        List.of(key, otherKey).stream()
            .filter(
                each ->
                    built(
                            () ->
                                NewNotification.to(receiver)
                                    .title(title)
                                    .body(body)
                                    .idempotencyKey(each)
                                    .build())
                        != null)
            .collect(Collectors.toSet());
    JDBI.useTransaction(
        handle -> {
          for (String each : keys) {
            NewNotification one =
                NewNotification.to(receiver).title(title).body(body).idempotencyKey(each).build();
            assertThat(REPOSITORY.insert(JdbiTransaction.of(handle), TestIds.next(), one).outcome())
                .isEqualTo(Outcome.NEW);
          }
        });
    assertThat(REPOSITORY.idempotencyKeys(receiver))
        .extracting(stored -> stored.text())
        .containsExactlyInAnyOrderElementsOf(keys);
  }

  @Example
  void an_exponent_is_judged_as_postgresql_judges_it() {
    String zeros = "0".repeat(90);
    for (String number :
        List.of(
            "0e10000",
            "-0E+999999",
            "0.00e1073741822",
            "0e1073741823",
            "0e-10000",
            "0e-98",
            "0e-99",
            "1e1073741822",
            "0." + zeros + "1e91",
            "0." + zeros + "1e191",
            "1" + zeros + "e-90")) {
      data_that_is_accepted_is_stored_with_the_size_that_was_measured("{\"a\":[" + number + "]}");
      data_that_is_refused_would_be_refused_by_postgresql("{\"a\":[" + number + "]}");
    }
  }

  @Example
  void a_refused_number_leaves_the_transaction_of_the_host_as_it_was() {
    JDBI.useHandle(handle -> handle.execute("CREATE TABLE IF NOT EXISTS host_order (id int)"));
    JDBI.useTransaction(
        handle -> {
          handle.execute("INSERT INTO host_order VALUES (1)");
          assertThatThrownBy(
                  () ->
                      REPOSITORY.insert(
                          JdbiTransaction.of(handle),
                          TestIds.next(),
                          NewNotification.to(user)
                              .title("t")
                              .data(Json.object("total", Double.MAX_VALUE))
                              .build()))
              .isInstanceOf(InvalidValueException.class);
        });
    assertThat(
            JDBI.<Integer, RuntimeException>withHandle(
                handle ->
                    handle
                        .createQuery("SELECT count(*) FROM host_order")
                        .mapTo(Integer.class)
                        .one()))
        .isOne();
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.strings().ofMinLength(1).ofMaxLength(4)),
            Tuple.of(
                1,
                Arbitraries.of(
                    "😀", "é", "\ud800", "\udc00", "\ufffd", "?", "\0", "'", "\\", "\"")));
    return Arbitraries.frequencyOf(
        Tuple.of(8, pieces.list().ofMinSize(1).ofMaxSize(3).map(list -> String.join("", list))),
        Tuple.of(1, Arbitraries.of("😀".repeat(255), "😀".repeat(256), "x".repeat(255), "")));
  }

  @Provide
  Arbitrary<String> documents() {
    return Arbitraries.frequencyOf(Tuple.of(10, objects(values(3))), Tuple.of(1, nearTheLimit()));
  }

  @Provide
  Arbitrary<String> flat() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            10,
            arrays(Arbitraries.oneOf(numbers(), numbers(), strings()))
                .map(array -> "{\"a\": " + array + "}")),
        Tuple.of(1, nearTheLimit()));
  }

  /** Many numbers that are short here and long there. */
  private static Arbitrary<String> nearTheLimit() {
    return Combinators.combine(
            Arbitraries.integers().between(150, 350), Arbitraries.integers().between(30, 99))
        .as((count, exponent) -> "{\"a\":[" + ("1e" + exponent + ",").repeat(count) + "0]}");
  }

  private static Arbitrary<String> values(int depth) {
    Arbitrary<String> simple =
        Arbitraries.oneOf(numbers(), numbers(), strings(), Arbitraries.of("true", "false", "null"));
    if (depth == 0) {
      return simple;
    }
    Arbitrary<String> below = values(depth - 1);
    return Arbitraries.oneOf(simple, simple, objects(below), arrays(below));
  }

  private static Arbitrary<String> objects(Arbitrary<String> value) {
    Arbitrary<String> keys =
        Arbitraries.oneOf(Arbitraries.of("\"a\"", "\"\\u0061\"", "\"\"", "\"b\""), strings());
    return Combinators.combine(keys, value, blanks())
        .as((key, member, blank) -> key + blank + ":" + blank + member)
        .list()
        .ofMaxSize(4)
        .map(members -> "{" + String.join(",", members) + "}");
  }

  private static Arbitrary<String> arrays(Arbitrary<String> value) {
    return Combinators.combine(value.list().ofMaxSize(4), blanks())
        .as((items, blank) -> "[" + blank + String.join(blank + "," + blank, items) + "]");
  }

  private static Arbitrary<String> blanks() {
    return Arbitraries.of("", "", " ", "\t", "\n ");
  }

  private static Arbitrary<String> strings() {
    return Arbitraries.frequencyOf(
            Tuple.of(
                8,
                Arbitraries.of(
                    "a",
                    " ",
                    "é",
                    "€",
                    "😀",
                    "\u007f",
                    "\\n",
                    "\\\"",
                    "\\\\",
                    "\\/",
                    "\\b",
                    "\\u0001",
                    "\\u001F",
                    "\\u00e9",
                    "\\u20AC",
                    "\\ud83d\\ude00",
                    "{",
                    "1234567890".repeat(11))),
            Tuple.of(1, Arbitraries.of("\\u0000", "\\ud800", "\\udc00", "\ud800")))
        .list()
        .ofMaxSize(5)
        .map(pieces -> "\"" + String.join("", pieces) + "\"");
  }

  private static Arbitrary<String> numbers() {
    Arbitrary<String> digits =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(6)),
            Tuple.of(1, Arbitraries.of("0", "000", "0".repeat(40), "9".repeat(48))));
    Arbitrary<String> whole = digits.map(text -> text.replaceFirst("^0+(?=.)", ""));
    Arbitrary<String> fraction = digits.map(text -> "." + text);
    Arbitrary<String> exponent =
        Combinators.combine(
                Arbitraries.of("e", "E", "e+", "e-", "E-"),
                Arbitraries.oneOf(
                    Arbitraries.integers().between(0, 110),
                    Arbitraries.of(150, 308, 1000, 9999, 10_000, 131_072, 999_999)))
            .as((sign, size) -> sign + size);
    return Combinators.combine(
            Arbitraries.of("", "-"), whole, fraction.injectNull(0.5), exponent.injectNull(0.5))
        .as((sign, a, b, c) -> sign + a + (b == null ? "" : b) + (c == null ? "" : c));
  }
}
