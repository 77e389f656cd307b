package dev.realtime4j.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What the test kit stands on, and how little of the client's inside it sees. */
final class TestkitArchitectureTest {
  private static final String INTERNAL = "dev.realtime4j.client.internal";

  private static final JavaClasses TESTKIT =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.realtime4j.testkit");

  @Test
  void it_stands_on_the_client_and_on_no_library() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.realtime4j.testkit",
            "dev.realtime4j.client..",
            "dev.realtime4j.api..",
            "dev.realtime4j.protocol",
            "org.jspecify.annotations",
            "java..")
        .because("an application chooses how it tests, and in which versions")
        .check(TESTKIT);
  }

  @Test
  void of_the_inside_of_the_client_it_sees_the_network_and_the_clock() {
    noClasses()
        .that(not(belongToAnyOf(FakeRealtimeServer.class)))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(INTERNAL)
        .check(TESTKIT);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            INTERNAL + ".call..",
            INTERNAL + ".connection..",
            INTERNAL + ".desired..",
            INTERNAL + ".notification..")
        .because("what is faked is the other end, never the client")
        .check(TESTKIT);
  }

  @Test
  void nothing_sleeps_or_asks_what_time_it_is() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .because("time passes when the test says so")
        .check(TESTKIT);
  }
}
