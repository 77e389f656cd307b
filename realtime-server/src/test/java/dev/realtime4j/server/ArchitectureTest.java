package dev.realtime4j.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The floors of the house. ARCHITECTURE.md draws them; this is where they are held. */
final class ArchitectureTest {
  private static final String SERVER = "dev.realtime4j.server..";
  private static final String INTERNAL = "dev.realtime4j.server.internal.";
  private static final String[] FEATURES = {
    INTERNAL + "connectionlog..",
    INTERNAL + "notification..",
    INTERNAL + "presence..",
    INTERNAL + "room.."
  };

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.realtime4j.api", "dev.realtime4j.protocol", "dev.realtime4j.server");

  @ParameterizedTest(name = "only {1} names {0}")
  @CsvSource({
    "redis.clients.., dev.realtime4j.server.redis..",
    "org.java_websocket.., dev.realtime4j.server.internal.websocket..",
    "tlschannel.., dev.realtime4j.server.internal.websocket..",
    "com.nimbusds.., dev.realtime4j.server.jwt..",
    "io.micrometer.., dev.realtime4j.server.metrics..",
    "com.sun.net.httpserver.., dev.realtime4j.server.http..",
  })
  void a_library_is_named_in_one_room_only(String library, String room) {
    hold(
        noClasses()
            .that()
            .resideOutsideOfPackage(room)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library)
            .because("the library is to be replaceable by another room beside this one"));
  }

  @Test
  void the_api_stands_on_a_json_parser_and_nothing_else() {
    hold(
        classes()
            .that()
            .resideInAnyPackage("dev.realtime4j.api..", "dev.realtime4j.protocol..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "dev.realtime4j.api..",
                "dev.realtime4j.protocol..",
                "java..",
                "com.fasterxml.jackson.core..",
                "org.jspecify.annotations..")
            .because("every program on either side of the wire carries it"));
  }

  @Test
  void the_words_do_not_know_the_wire() {
    hold(
        noClasses()
            .that()
            .resideInAPackage("dev.realtime4j.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.realtime4j.protocol.."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"connectionlog", "notification", "presence", "room"})
  void features_do_not_name_each_other(String feature) {
    String own = INTERNAL + feature + "..";
    for (String other : FEATURES) {
      if (!other.equals(own)) {
        hold(
            noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(other)
                .because("what one needs of another, the server's wiring hands in"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"session", "cluster"})
  void what_carries_the_features_names_none_of_them(String floor) {
    hold(
        noClasses()
            .that()
            .resideInAPackage(INTERNAL + floor + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FEATURES)
            .because("features register with the method table; the table does not know them"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.realtime4j.server.redis..",
        "dev.realtime4j.server.memory..",
        "dev.realtime4j.server.jwt..",
        "dev.realtime4j.server.tls..",
        "dev.realtime4j.server.internal.websocket..",
      })
  void stores_transports_and_tokens_see_only_the_api(String room) {
    hold(
        noClasses()
            .that()
            .resideInAPackage(room)
            .should()
            .dependOnClassesThat(resideInAPackage(SERVER).and(resideOutsideOfPackage(room)))
            .because("they are chosen by the host, one beside the other"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "metrics"})
  void nobody_below_knows_of_what_stands_on_the_server(String room) {
    hold(
        noClasses()
            .that()
            .resideInAPackage(SERVER)
            .and()
            .resideOutsideOfPackage("dev.realtime4j.server." + room + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.realtime4j.server." + room + ".."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "metrics"})
  void what_stands_on_the_server_knows_nothing_of_its_inside(String room) {
    hold(
        noClasses()
            .that()
            .resideInAPackage("dev.realtime4j.server." + room + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL + "."));
  }

  @Test
  void rooms_form_no_cycle() {
    hold(slices().matching("dev.realtime4j.server.internal.(*)..").should().beFreeOfCycles());
    hold(slices().matching("dev.realtime4j.api.(*)..").should().beFreeOfCycles());
  }

  @Test
  void nothing_prints_or_exits() {
    hold(
        noClasses()
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  /** A room that is still empty breaks no rule. */
  private static void hold(ArchRule rule) {
    rule.allowEmptyShould(true).check(HOUSE);
  }
}
