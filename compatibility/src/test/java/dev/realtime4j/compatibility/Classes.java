package dev.realtime4j.compatibility;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

/** The class files of a jar or a directory, by their internal names; never loaded. */
final class Classes {
  private final Map<String, ClassNode> byName;

  private Classes(Map<String, ClassNode> byName) {
    this.byName = byName;
  }

  /** All of a jar or a directory. */
  static Classes in(Path where) {
    try {
      if (Files.isDirectory(where)) {
        return new Classes(read(where));
      }
      try (FileSystem jar = FileSystems.newFileSystem(where)) {
        return new Classes(read(jar.getPath("/")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the classes in " + where, e);
    }
  }

  /** All that come from where this class comes from. */
  static Classes besides(Class<?> known) {
    try {
      return in(Path.of(known.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (java.net.URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Those of one package, and of no package within it. */
  Classes ofPackage(String name) {
    String prefix = name.replace('.', '/') + "/";
    Map<String, ClassNode> some = new HashMap<>(byName);
    some.keySet()
        .removeIf(each -> !each.startsWith(prefix) || each.indexOf('/', prefix.length()) >= 0);
    if (some.isEmpty()) {
      throw new IllegalArgumentException("no class in package " + name);
    }
    return new Classes(some);
  }

  /** One of these, or of the JDK's. */
  Optional<ClassNode> find(String name) {
    ClassNode found = byName.get(name);
    if (found == null && name.startsWith("java/")) {
      try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
        found = in == null ? null : node(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Optional.ofNullable(found);
  }

  boolean holds(String name) {
    return byName.containsKey(name);
  }

  List<ClassNode> all() {
    return List.copyOf(byName.values());
  }

  private static Map<String, ClassNode> read(Path root) throws IOException {
    Map<String, ClassNode> nodes = new HashMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      // Not the same classes once more for newer Java.
      for (Path file :
          files
              .filter(each -> each.toString().endsWith(".class"))
              .filter(each -> !root.relativize(each).startsWith("META-INF"))
              .toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          ClassNode node = node(in);
          nodes.put(node.name, node);
        }
      }
    }
    return nodes;
  }

  private static ClassNode node(InputStream in) throws IOException {
    ClassNode node = new ClassNode();
    new ClassReader(in).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return node;
  }
}
