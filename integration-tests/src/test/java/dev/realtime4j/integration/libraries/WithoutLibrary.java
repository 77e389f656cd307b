package dev.realtime4j.integration.libraries;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;

/** The class path of this program once more, but for the packages that begin so. */
final class WithoutLibrary extends URLClassLoader {
  private final String missing;

  WithoutLibrary(String missing) {
    super(classPath(), ClassLoader.getPlatformClassLoader());
    this.missing = missing;
  }

  private static URL[] classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> url(Path.of(entry)))
        .toArray(URL[]::new);
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.startsWith(missing)) {
      throw new ClassNotFoundException(name);
    }
    return super.findClass(name);
  }

  /** What a program throws here, by classes of this loader; null when it throws nothing. */
  Throwable run(Class<? extends Callable<?>> program) {
    try {
      var constructor = loadClass(program.getName()).getDeclaredConstructor();
      constructor.setAccessible(true);
      ((Callable<?>) constructor.newInstance()).call();
      return null;
    } catch (Throwable e) {
      return e;
    }
  }
}
