package dev.realtime4j.node;

import dev.realtime4j.server.RealtimeServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The variables of an environment, each taken once, so that the rest is what nobody knows. */
final class Variables {
  private static final String PREFIX = "REALTIME_";
  private static final String FILE = "_FILE";

  /** Secrets and keys are short; more is another file by mistake. */
  private static final int MAX_FILE_BYTES = 64 * 1024;

  private final Map<String, String> left = new TreeMap<>();
  private final TreeSet<String> known = new TreeSet<>();

  private final TreeSet<String> ownedByPlatform = new TreeSet<>();
  private final PlatformVariables platform;

  Variables(Map<String, String> environment) {
    platform = new PlatformVariables(environment);
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && !platform.has(name)) {
            left.put(name, value);
          }
        });
  }

  /** The value of a variable; null when it is not set, empty, or the platform's. */
  @Nullable String take(String name) {
    known.add(name);
    if (platform.has(name)) {
      ownedByPlatform.add(name);
    }
    String value = left.remove(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /**
   * A secret: the value of the variable, or what is in the file that the variable with {@code
   * _FILE} behind its name tells; null when neither is set.
   */
  @Nullable String secret(String name) {
    String value = take(name);
    String file = take(name + FILE);
    if (value != null && file != null) {
      throw new UnfitSettingException(
          name, "and " + name + FILE + " are both set: remove one of them");
    }
    return file == null ? value : content(name + FILE, file);
  }

  /** A path; null when it is not set. */
  @Nullable Path path(String name) {
    String value = take(name);
    return value == null ? null : path(name, value);
  }

  private static Path path(String name, String value) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new UnfitSettingException(name, "is no path of a file");
    }
  }

  /**
   * What is in a file, without the white space around it.
   *
   * @param name the variable that tells the file
   */
  static String content(String name, String file) {
    Path path = path(name, file);
    try {
      if (Files.size(path) <= MAX_FILE_BYTES) {
        String content = Files.readString(path, StandardCharsets.UTF_8).strip();
        if (!content.isEmpty()) {
          return content;
        }
      }
    } catch (IOException e) {
      // Told below.
    }
    // The path is not quoted: it may be the secret itself, by mistake.
    throw new UnfitSettingException(
        name, "tells no file that can be used: it is missing, empty, not text, or above 64 KiB");
  }

  int port(String name, int normal) {
    Integer given = optionalPort(name);
    return given == null ? normal : given;
  }

  @Nullable Integer optionalPort(String name) {
    String value = take(name);
    if (value == null) {
      return null;
    }
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65535) {
      throw new UnfitSettingException(
          name, "is \"" + value + "\": use a port from 1 to 65535, or 0 for any free one");
    }
    return Integer.parseInt(value);
  }

  /** An address of this machine in numbers; null when it is not set. */
  @Nullable InetAddress address(String name) {
    String value = take(name);
    if (value == null) {
      return null;
    }
    try {
      RealtimeServer.builder().bindAddress(value);
      return InetAddress.getByName(value);
    } catch (IllegalArgumentException | UnknownHostException e) {
      throw new UnfitSettingException(
          name,
          "is \""
              + value
              + "\": use an address of this machine in numbers, such as 127.0.0.1 or ::1, and no"
              + " port, or leave it out for every address");
    }
  }

  boolean flag(String name) {
    String value = take(name);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (!value.equals("true")) {
      throw new UnfitSettingException(name, "is \"" + value + "\": use true or false");
    }
    return true;
  }

  /**
   * What to say about the variables of the platform; null when there are none.
   *
   * @param used what a setting is that was taken from it, by its name
   */
  @Nullable String notice(Map<String, String> used) {
    StringBuilder instead = new StringBuilder();
    ownedByPlatform.forEach(
        name ->
            instead.append("; ").append(name).append(" is one of them: ").append(used.get(name)));
    return platform.notice(instead.toString());
  }

  void refuseUnknown() {
    if (!left.isEmpty()) {
      String name = left.keySet().iterator().next();
      throw new UnfitSettingException(
          name, "is no setting of this node: remove it, or use one of " + String.join(" ", known));
    }
  }
}
