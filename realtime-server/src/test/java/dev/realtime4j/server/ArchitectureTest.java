package dev.realtime4j.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import dev.realtime4j.server.internal.feature.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The layers of the server. ARCHITECTURE.md draws them; this is where they are held. */
final class ArchitectureTest {
  private static final String SERVER = "dev.realtime4j.server..";
  private static final String INTERNAL = "dev.realtime4j.server.internal.";
  private static final String ENVIRONMENT = INTERNAL + "environment..";
  private static final String FACADE = "dev.realtime4j.server";
  private static final String[] FEATURES = {
    INTERNAL + "ban..",
    INTERNAL + "connectionlog..",
    INTERNAL + "listener..",
    INTERNAL + "notification..",
    INTERNAL + "presence..",
    INTERNAL + "room.."
  };

  private static final JavaClasses CLASSES =
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
  void a_library_is_named_in_one_package_only(String library, String own) {
    hold(
        noClasses()
            .that()
            .resideOutsideOfPackage(own)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library)
            .because("the library is to be replaceable by another package beside this one"));
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
  @ValueSource(strings = {"ban", "connectionlog", "listener", "notification", "presence", "room"})
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
                .because("what one needs of another, the node hands in"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"feature", "session", "cluster", "health"})
  void what_carries_the_features_names_none_of_them(String layer) {
    hold(
        noClasses()
            .that()
            .resideInAPackage(INTERNAL + layer + "..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(FEATURES).or(resideInAPackage(INTERNAL + "node..")))
            .because("a feature is added in its own package and in the node's list"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ban", "connectionlog", "listener", "notification", "presence", "room"})
  void each_feature_has_one_door(String feature) {
    hold(
        classes()
            .that()
            .resideInAPackage(INTERNAL + feature + "..")
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .should()
            .beAssignableTo(Feature.class)
            .orShould()
            .beInterfaces());
  }

  @Test
  void features_meet_in_the_node_only() {
    hold(
        noClasses()
            .that()
            .resideInAPackage(INTERNAL + ".")
            .and()
            .resideOutsideOfPackages(FEATURES)
            .and()
            .resideOutsideOfPackage(INTERNAL + "node..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FEATURES));
  }

  @Test
  void the_engine_does_not_know_what_stands_on_it() {
    hold(
        noClasses()
            .that()
            .resideInAPackage(INTERNAL + ".")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(FACADE)
            .because("the server is what an application sees of the engine"));
  }

  @Test
  void what_an_application_embeds_is_public_or_for_the_server_alone() {
    hold(
        noClasses()
            .that()
            .resideInAPackage(FACADE)
            .and()
            .areNotPublic()
            .should()
            .beAssignableTo(Feature.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL + "cluster..")
            .because("the engine's classes are in internal packages"));
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
  void stores_transports_and_tokens_see_only_the_api_and_the_environment(String own) {
    hold(
        noClasses()
            .that()
            .resideInAPackage(own)
            .should()
            .dependOnClassesThat(
                resideInAPackage(SERVER)
                    .and(resideOutsideOfPackage(own))
                    .and(resideOutsideOfPackage(ENVIRONMENT)))
            .because("they are chosen by the host, one beside the other"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "metrics"})
  void nobody_below_knows_of_what_stands_on_the_server(String own) {
    hold(
        noClasses()
            .that()
            .resideInAPackage(SERVER)
            .and()
            .resideOutsideOfPackage("dev.realtime4j.server." + own + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.realtime4j.server." + own + ".."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "metrics"})
  void what_stands_on_the_server_knows_nothing_of_its_inside(String own) {
    hold(
        noClasses()
            .that()
            .resideInAPackage("dev.realtime4j.server." + own + "..")
            .should()
            .dependOnClassesThat(
                resideInAPackage(INTERNAL + ".").and(resideOutsideOfPackage(ENVIRONMENT))));
  }

  @Test
  void packages_form_no_cycle() {
    hold(slices().matching("dev.realtime4j.server.internal.(*)..").should().beFreeOfCycles());
    hold(slices().matching("dev.realtime4j.api.(*)..").should().beFreeOfCycles());
  }

  /** A rule about no class at all fails: it would hold nothing. */
  private static void hold(ArchRule rule) {
    rule.check(CLASSES);
  }
}
