package dev.realtime4j.integration.guards;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Whoever takes time, threads or chance from elsewhere than the environment of the server lives in
 * real time while a test has the others live in its own. Secrets come from {@link
 * java.security.SecureRandom}, which this leaves alone.
 */
class TimeAndThreadsTest {
  private static final JavaClasses SERVER =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages(
              "dev.realtime4j.api",
              "dev.realtime4j.protocol",
              "dev.realtime4j.server",
              "dev.realtime4j.jdbi");

  private static final String MADE = "<init>";

  /** What may not be called, by its class. */
  private static final Map<Class<?>, Pattern> FORBIDDEN =
      Map.ofEntries(
          Map.entry(System.class, Pattern.compile("nanoTime|currentTimeMillis")),
          Map.entry(Clock.class, Pattern.compile("system.*|tick.*")),
          Map.entry(InstantSource.class, Pattern.compile("system")),
          Map.entry(Thread.class, Pattern.compile(MADE + "|sleep")),
          Map.entry(Executors.class, Pattern.compile(".*")),
          Map.entry(ThreadPoolExecutor.class, Pattern.compile(MADE)),
          Map.entry(ScheduledThreadPoolExecutor.class, Pattern.compile(MADE)),
          Map.entry(ForkJoinPool.class, Pattern.compile(MADE + "|commonPool")),
          Map.entry(Timer.class, Pattern.compile(MADE)),
          Map.entry(TimeUnit.class, Pattern.compile("sleep")),
          Map.entry(LockSupport.class, Pattern.compile("park.*")),
          Map.entry(
              CompletableFuture.class,
              Pattern.compile("delayedExecutor|orTimeout|completeOnTimeout")),
          Map.entry(ThreadLocalRandom.class, Pattern.compile(".*")),
          Map.entry(Math.class, Pattern.compile("random")));

  @Test
  void they_come_from_the_environment() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.realtime4j.server.internal.environment..")
        .and()
        .doNotHaveFullyQualifiedName("dev.realtime4j.jdbi.RealTime")
        .should()
        .accessTargetWhere(describe("a clock, a thread or chance", TimeAndThreadsTest::isReal))
        .because("nodes are to live in the time of a test, which decides what happens when")
        .check(SERVER);
  }

  private static boolean isReal(JavaAccess<?> access) {
    AccessTarget target = access.getTarget();
    JavaClass owner = target.getOwner();
    boolean isNow = owner.getPackageName().equals("java.time") && target.getName().equals("now");
    return isNow
        || FORBIDDEN.entrySet().stream()
            .anyMatch(
                one ->
                    owner.isEquivalentTo(one.getKey())
                        && one.getValue().matcher(target.getName()).matches())
        || isUnseeded(target)
        || isWithoutExecutor(target);
  }

  private static boolean isUnseeded(AccessTarget target) {
    return target instanceof AccessTarget.ConstructorCallTarget made
        && (made.getOwner().isEquivalentTo(Random.class)
            || made.getOwner().isEquivalentTo(SplittableRandom.class))
        && made.getRawParameterTypes().isEmpty();
  }

  /** It would run on the common pool. */
  private static boolean isWithoutExecutor(AccessTarget target) {
    return target instanceof AccessTarget.CodeUnitAccessTarget called
        && called.getOwner().isAssignableTo(CompletableFuture.class)
        && called.getName().endsWith("Async")
        && called.getRawParameterTypes().stream()
            .noneMatch(type -> type.isEquivalentTo(Executor.class));
  }
}
