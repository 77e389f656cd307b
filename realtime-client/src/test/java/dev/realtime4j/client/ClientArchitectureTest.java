package dev.realtime4j.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** The layers of the client, as ARCHITECTURE.md draws them. */
final class ClientArchitectureTest {
  private static final String INTERNAL = "dev.realtime4j.client.internal";

  private static final JavaClasses CLIENT =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.realtime4j.client");

  @Test
  void no_two_packages_of_the_client_need_each_other() {
    slices().matching(INTERNAL + ".(*)").should().beFreeOfCycles().check(CLIENT);
  }

  @Test
  void only_the_wiring_knows_all_the_parts() {
    noClasses()
        .that()
        .resideInAPackage(INTERNAL + ".(*)..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(INTERNAL)
        .check(CLIENT);
  }

  @Test
  void only_one_package_names_the_websocket_library() {
    noClasses()
        .that()
        .resideOutsideOfPackage(INTERNAL + ".websocket")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.java_websocket..")
        .check(CLIENT);
  }

  @Test
  void the_loop_knows_nothing_of_the_protocol() {
    noClasses()
        .that()
        .resideInAPackage(INTERNAL + ".loop")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.realtime4j.protocol..", INTERNAL + ".call", INTERNAL + ".connection")
        .check(CLIENT);
  }
}
