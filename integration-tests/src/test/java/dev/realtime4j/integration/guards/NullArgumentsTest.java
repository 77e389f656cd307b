package dev.realtime4j.integration.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.realtime4j.testkit.FakeRealtimeServer;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Nothing is quietly left out: a null that is no value is refused by its name, by each factory and
 * each method of a builder, those to come as well.
 */
final class NullArgumentsTest {
  private final Samples samples = new Samples();

  @AfterEach
  void close() {
    samples.close();
  }

  @TestFactory
  Stream<DynamicTest> null_is_refused_by_name() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (PublicApi api : PublicApi.onTheClassPath()) {
      for (Class<?> type : api.types()) {
        for (Method method : PublicApi.methods(type).toList()) {
          if (isSetterOrFactory(type, method)) {
            for (int i = 0; i < method.getParameterCount(); i++) {
              if (takesNoNull(method, i)) {
                tests.add(test(method, i));
              }
            }
          }
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(120);
    return tests.stream();
  }

  private static boolean isSetterOrFactory(Class<?> type, Method method) {
    if (!Modifier.isPublic(method.getModifiers()) || Throwable.class.isAssignableFrom(type)) {
      return false;
    }
    if (Modifier.isStatic(method.getModifiers())) {
      return !method.getReturnType().isPrimitive() && !type.isEnum() || isFactoryOfEnum(method);
    }
    return method.getReturnType().isAssignableFrom(type) && type.getSimpleName().endsWith("Builder")
        || type == FakeRealtimeServer.class;
  }

  /** {@code valueOf} is the language's own. */
  private static boolean isFactoryOfEnum(Method method) {
    return method.getDeclaringClass().isEnum()
        && !method.getName().equals("valueOf")
        && method.getParameterCount() > 0;
  }

  private static boolean takesNoNull(Method method, int parameter) {
    return !method.getParameterTypes()[parameter].isPrimitive()
        && !method.getAnnotatedParameterTypes()[parameter].isAnnotationPresent(Nullable.class);
  }

  private DynamicTest test(Method method, int parameter) {
    Parameter refused = method.getParameters()[parameter];
    String name =
        method.getDeclaringClass().getSimpleName() + "." + method.getName() + ": " + refused;
    return DynamicTest.dynamicTest(
        name,
        () -> {
          @Nullable Object[] arguments = new Object[method.getParameterCount()];
          for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == parameter ? null : samples.of(method.getParameters()[i]);
          }
          Object target =
              Modifier.isStatic(method.getModifiers())
                  ? null
                  : samples.of(method.getDeclaringClass());
          Throwable failure = catchThrowable(() -> method.invoke(target, arguments));
          assertThat(failure).as("null was taken").isInstanceOf(InvocationTargetException.class);
          assertThat(failure.getCause())
              .isInstanceOfAny(NullPointerException.class, IllegalArgumentException.class)
              .message()
              .startsWith(refused.getName());
        });
  }
}
