package dev.realtime4j.integration.node;

import dev.realtime4j.client.ConnectionState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Clients of the SDK in processes of their own, and what they have shown to their applications.
 * Thousands in one process would be slow by their threads alone.
 */
final class RollingClients implements AutoCloseable {
  private static final int IN_A_PROCESS = 500;

  private final List<UUID> users;
  private final List<Process> processes = new ArrayList<>();

  /** What each client said last: its state, and why when it is not connected. */
  private final Map<String, String> newest = new ConcurrentHashMap<>();

  /** How many wait for how many seconds, of those that lost their connection. */
  private final Map<Long, LongAdder> returns = new ConcurrentHashMap<>();

  private final ConcurrentLinkedQueue<String> shown = new ConcurrentLinkedQueue<>();

  /**
   * Begins to connect.
   *
   * @param ports of the nodes; each client begins with another one
   */
  RollingClients(int count, List<Integer> ports, String secret) throws IOException {
    users = IntStream.range(0, count).mapToObj(RollingClients::user).toList();
    for (int first = 0; first < count; first += IN_A_PROCESS) {
      processes.add(start(first, Math.min(first + IN_A_PROCESS, count) - 1, ports, secret));
    }
  }

  private Process start(int first, int last, List<Integer> ports, String secret)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RollingClientsProcess.class.getName(),
                "" + first,
                "" + last));
    ports.forEach(port -> command.add("" + port));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put(RollingClientsProcess.SECRET, secret);
    Process process = builder.start();
    Thread reader = new Thread(() -> read(process), "rolling-clients-" + first);
    reader.setDaemon(true);
    reader.start();
    return process;
  }

  private void read(Process process) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      lines.lines().map(line -> line.split(" ", 5)).forEach(this::said);
    } catch (UncheckedIOException | IOException e) {
      newest.put("a process", "unreadable: " + e);
    }
  }

  private void said(String[] words) {
    if (words[0].equals("shown")) {
      shown.add(words[1] + ":" + words[2]);
      return;
    }
    String state = words[2];
    String before = newest.put(words[1], words.length > 4 ? state + ", " + words[4] : state);
    if (ConnectionState.CONNECTED.name().equals(before)
        && ConnectionState.RECONNECTING.name().equals(state)) {
      returns.computeIfAbsent(Long.valueOf(words[3]), second -> new LongAdder()).increment();
    }
  }

  /** Every run has the same ones. */
  static UUID user(int number) {
    return new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | number);
  }

  /** As in {@link #shown()}. */
  static String entry(UUID user, String id) {
    return user + ":" + id;
  }

  List<UUID> users() {
    return users;
  }

  /** User and notification, as often as it was shown. */
  List<String> shown() {
    return List.copyOf(shown);
  }

  /** Counts anew who is told to come back when. */
  void forgetReturns() {
    returns.clear();
  }

  /** How many of those that lost their connection wait to the same second, at most. */
  long mostToldWithinASecond() {
    return returns.values().stream().mapToLong(LongAdder::sum).max().orElse(0);
  }

  /** How many clients stand where: their state, and why when they are not connected. */
  Map<String, Long> standing() {
    return newest.values().stream()
        .collect(Collectors.groupingBy(standing -> standing, Collectors.counting()));
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
