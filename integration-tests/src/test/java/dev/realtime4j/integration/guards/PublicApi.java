package dev.realtime4j.integration.guards;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Executable;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a user of a module can name: its public types in the packages that it exports to everybody,
 * and their public and protected members, as sorted text.
 *
 * @param module for example {@code dev.realtime4j.server}
 * @param types the types
 * @param lines one for each type and member
 */
record PublicApi(String module, List<Class<?>> types, List<String> lines) {
  private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");

  /** Those of all our modules on the class path, exploded or in a jar. */
  static List<PublicApi> onTheClassPath() throws IOException {
    List<PublicApi> found = new ArrayList<>();
    ClassLoader loader = PublicApi.class.getClassLoader();
    for (URL descriptor : Collections.list(loader.getResources("module-info.class"))) {
      if (nameOf(descriptor).startsWith("dev.realtime4j.")) {
        ModuleReference module = ModuleFinder.of(root(descriptor)).findAll().iterator().next();
        List<Class<?>> types = types(module);
        found.add(new PublicApi(module.descriptor().name(), types, lines(types)));
      }
    }
    return found;
  }

  private static String nameOf(URL descriptor) throws IOException {
    try (InputStream in = descriptor.openStream()) {
      return ModuleDescriptor.read(in).name();
    }
  }

  private static Path root(URL descriptor) {
    String text = descriptor.toString();
    String inJar = "!/module-info.class";
    String root =
        text.endsWith(inJar)
            ? text.substring("jar:".length(), text.length() - inJar.length())
            : text.substring(0, text.length() - "module-info.class".length());
    try {
      return Path.of(new URI(root));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(root, e);
    }
  }

  private static List<Class<?>> types(ModuleReference module) throws IOException {
    List<Class<?>> types = new ArrayList<>();
    try (ModuleReader reader = module.open();
        Stream<String> resources = reader.list()) {
      resources
          .filter(resource -> resource.endsWith(".class"))
          .map(resource -> resource.substring(0, resource.length() - 6).replace('/', '.'))
          .filter(name -> isExported(module.descriptor(), name))
          .map(PublicApi::load)
          .filter(PublicApi::isVisible)
          .forEach(types::add);
    }
    return types;
  }

  private static List<String> lines(List<Class<?>> types) {
    TreeSet<String> lines = new TreeSet<>();
    types.forEach(type -> describe(type, lines));
    // The key before the colon sorts a type's members behind it; the signature says it all.
    return lines.stream().map(line -> line.substring(line.indexOf(": ") + 2)).toList();
  }

  private static boolean isExported(ModuleDescriptor module, String className) {
    String name = className.substring(0, Math.max(0, className.lastIndexOf('.')));
    return module.exports().stream()
        .anyMatch(exported -> !exported.isQualified() && exported.source().equals(name));
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, PublicApi.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static boolean isVisible(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return isOpen(type.getModifiers())
        && !type.isAnonymousClass()
        && (outer == null || isVisible(outer));
  }

  private static boolean isOpen(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static void describe(Class<?> type, Set<String> lines) {
    String name = type.getName();
    lines.add(name + ": " + type.toGenericString() + parents(type));
    Stream.of(type.getDeclaredFields())
        .filter(PublicApi::isMember)
        .forEach(field -> lines.add(name + "#" + field.getName() + ": " + field.toGenericString()));
    Stream.concat(Arrays.stream(type.getDeclaredConstructors()), methods(type))
        .filter(member -> isOpen(member.getModifiers()))
        .filter(member -> !isOfEveryObject(member))
        .forEach(member -> lines.add(name + "#" + simpleName(member) + ": " + signature(member)));
  }

  /**
   * The methods that a type has of its own: those that it declares, and those of superclasses that
   * nobody can name, which the compiler repeats in it.
   */
  static Stream<Method> methods(Class<?> type) {
    List<Method> declared =
        Arrays.stream(type.getDeclaredMethods()).filter(method -> !method.isSynthetic()).toList();
    return Stream.concat(
        declared.stream(),
        Arrays.stream(type.getDeclaredMethods())
            .filter(Method::isBridge)
            .filter(bridge -> declared.stream().noneMatch(method -> isSame(method, bridge))));
  }

  private static boolean isSame(Method one, Method other) {
    return one.getName().equals(other.getName())
        && one.getParameterCount() == other.getParameterCount();
  }

  /** A bridge returns what the builder's superclass calls itself: the builder. */
  private static String signature(Executable member) {
    if (!member.isSynthetic()) {
      return member.toGenericString();
    }
    Class<?> type = member.getDeclaringClass();
    Class<?> returned = ((Method) member).getReturnType();
    return member
        .toGenericString()
        .replace("volatile ", "")
        .replace(returned.getName() + " ", type.getName() + " ");
  }

  private static boolean isMember(Member member) {
    return isOpen(member.getModifiers()) && !member.isSynthetic();
  }

  private static boolean isOfEveryObject(Executable member) {
    return member instanceof Method && OF_EVERY_OBJECT.contains(member.getName());
  }

  private static String simpleName(Executable member) {
    return member instanceof Method ? member.getName() : "new";
  }

  private static String parents(Class<?> type) {
    StringBuilder parents = new StringBuilder();
    if (type.getSuperclass() != null && type.getSuperclass() != Object.class) {
      parents.append(" extends ").append(type.getGenericSuperclass().getTypeName());
    }
    for (java.lang.reflect.Type parent : type.getGenericInterfaces()) {
      parents.append(" implements ").append(parent.getTypeName());
    }
    return parents.toString();
  }
}
