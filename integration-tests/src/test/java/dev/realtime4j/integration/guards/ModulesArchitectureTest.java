package dev.realtime4j.integration.guards;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds in every published module alike; the layers of each are in a test of its own. That no
 * signature shows a type which is not exported, {@code javac -Xlint:exports} sees to.
 */
class ModulesArchitectureTest {
  private static final JavaClasses PUBLISHED =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages(
              "dev.realtime4j.api",
              "dev.realtime4j.protocol",
              "dev.realtime4j.server",
              "dev.realtime4j.jdbi",
              "dev.realtime4j.client",
              "dev.realtime4j.testkit");

  @ParameterizedTest
  @ValueSource(strings = {"server", "client"})
  void the_inside_of_a_module_is_its_own(String module) {
    String own = "dev.realtime4j." + module + "..";
    noClasses()
        .that()
        .resideOutsideOfPackages(own, module.equals("client") ? "dev.realtime4j.testkit.." : own)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.realtime4j." + module + ".internal..")
        .check(PUBLISHED);
  }

  @Test
  void the_api_knows_none_who_stand_on_it() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.realtime4j.api..", "dev.realtime4j.protocol..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.realtime4j.server..",
            "dev.realtime4j.jdbi..",
            "dev.realtime4j.client..",
            "dev.realtime4j.testkit..")
        .check(PUBLISHED);
  }

  @Test
  void nothing_prints_or_exits_or_logs_past_slf4j() {
    noClasses()
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethodWhere(target(owner(resideInAPackage("java.util.logging.."))))
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(System.Logger.class)
        .check(PUBLISHED);
  }
}
