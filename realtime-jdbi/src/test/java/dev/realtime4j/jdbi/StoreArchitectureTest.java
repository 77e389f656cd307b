package dev.realtime4j.jdbi;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** The layers of the stores in PostgreSQL, all in one package. */
final class StoreArchitectureTest {
  private static final JavaClasses JDBI =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.realtime4j.jdbi");

  @Test
  void the_stores_stand_on_the_api_and_jdbi() {
    classes()
        .that(not(belongToAnyOf(FlywayMigration.class, MigrationErrors.class)))
        .and(not(belongToAnyOf(SpringTransactions.class)))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.realtime4j.jdbi",
            "dev.realtime4j.api..",
            "org.jdbi.v3.core..",
            "org.slf4j",
            "org.jspecify.annotations",
            "java..",
            "javax.sql")
        .because("Flyway and Spring are optional: each is named where it is missed by name")
        .check(JDBI);
  }

  @Test
  void the_parts_do_not_know_what_is_made_of_them() {
    noClasses()
        .that()
        .areNotPublic()
        .and()
        .areTopLevelClasses()
        .should()
        .dependOnClassesThat(
            belongToAnyOf(JdbiNotificationRepository.class, JdbiConnectionLog.class))
        .check(JDBI);
  }

  @Test
  void what_time_it_is_the_database_says() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .because("the clocks of the nodes differ")
        .check(JDBI);
  }
}
