package dev.realtime4j.compatibility;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The class path of this program once more, with another version of one library: a jar of {@code
 * target/libraries}, and none of what that brings.
 */
final class OtherVersion extends URLClassLoader {
  private OtherVersion(URL[] classPath) {
    super(classPath, ClassLoader.getPlatformClassLoader());
  }

  static OtherVersion of(String artifact, String version) {
    Stream<Path> others =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(entry -> !entry.getFileName().toString().matches(artifact + "-\\d.*\\.jar"));
    return new OtherVersion(
        Stream.concat(Stream.of(jar(artifact, version)), others)
            .map(OtherVersion::url)
            .toArray(URL[]::new));
  }

  /** The version's jar; the build has put it there. */
  static Path jar(String artifact, String version) {
    Path jar = Path.of(System.getProperty("libraries"), artifact + "-" + version + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new IllegalArgumentException("name it as an artifactItem in the pom.xml: " + jar);
    }
    return jar;
  }

  /** From which jar a class is taken here. */
  Path where(String name) throws Exception {
    return Path.of(loadClass(name).getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs a program by classes of this loader; given and answered are classes of the JDK's. */
  @SuppressWarnings("unchecked")
  <I, O> O run(Class<? extends Function<I, O>> program, I input)
      throws ReflectiveOperationException {
    var constructor = loadClass(program.getName()).getDeclaredConstructor();
    constructor.setAccessible(true);
    return ((Function<I, O>) constructor.newInstance()).apply(input);
  }
}
