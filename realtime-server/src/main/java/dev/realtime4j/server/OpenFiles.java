package dev.realtime4j.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many files this process may open. Each socket is one; some are kept for the rest: pools,
 * other ports, logs.
 *
 * @param most the limit; empty when there is none, or nobody tells
 */
record OpenFiles(OptionalLong most) {
  private static final Logger log = LoggerFactory.getLogger(OpenFiles.class);
  private static final long LEAST_KEPT = 256;
  private static final long MOST_KEPT = 2048;
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern LINE = Pattern.compile("(?m)^Max open files +([0-9]{1,18}) ");

  /** That of this process, as the JVM tells it; where it does not, as Linux does. */
  static OpenFiles ofProcess() {
    OptionalLong told = told();
    return new OpenFiles(told.isPresent() ? told : read());
  }

  /** Neither every JVM nor every selection of modules has this bean, and Windows has no limit. */
  private static OptionalLong told() {
    try {
      return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
          ? positive(unix.getMaxFileDescriptorCount())
          : OptionalLong.empty();
    } catch (LinkageError | RuntimeException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong read() {
    try {
      Matcher line = LINE.matcher(Files.readString(LIMITS));
      return line.find() ? positive(Long.parseLong(line.group(1))) : OptionalLong.empty();
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong positive(long limit) {
    return limit > 0 ? OptionalLong.of(limit) : OptionalLong.empty();
  }

  /** How many are for sockets. */
  long forSockets() {
    return most.isEmpty() ? Long.MAX_VALUE : most.getAsLong() - kept();
  }

  /** How many are for the rest: a quarter, within reason; at most half. */
  long kept() {
    long limit = most.orElse(0);
    return Math.min(limit / 2, Math.max(LEAST_KEPT, Math.min(MOST_KEPT, limit / 4)));
  }

  /** Says at the start of a node what the limit means for its sockets, where it means something. */
  void tell(int sockets) {
    if (sockets > forSockets()) {
      log.warn(
          "maxSockets is {}, but this process may open {} files, and {} of them go to pools, other"
              + " ports and logs: before it has so many sockets it cannot accept any more. Raise"
              + " the limit above {} (LimitNOFILE in systemd, ulimit -n in a shell), or set"
              + " maxSockets to {} at most",
          sockets,
          most.orElse(0),
          kept(),
          sockets + kept(),
          forSockets());
    } else if (sockets == forSockets()) {
      log.info(
          "maxSockets is {}: this process may open {} files, and {} of them are kept for pools,"
              + " other ports and logs. For more sockets raise the limit (LimitNOFILE in systemd,"
              + " ulimit -n in a shell)",
          sockets,
          most.orElse(0),
          kept());
    }
  }

  /** As many sockets as wanted, or as there are files for. */
  int socketsUpTo(int wanted) {
    return (int) Math.max(1, Math.min(wanted, forSockets()));
  }
}
