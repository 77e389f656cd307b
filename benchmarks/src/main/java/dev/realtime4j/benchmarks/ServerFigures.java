package dev.realtime4j.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.realtime4j.api.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of its own process when it is asked over a socket.
 *
 * @param heapBytes used, after a garbage collection
 * @param cpuNanos of processor time since its start, before that collection
 * @param cpuNanosAfter the same, after it
 * @param compileNanos of processor time that went to the JIT compilers, if that is known
 */
record ServerFigures(long heapBytes, long cpuNanos, long cpuNanosAfter, long compileNanos) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String CALL = "{\"id\":7,\"method\":\"figures\"}";
  private static final long PATIENCE_SECONDS = 30;

  /** The server's side: the answer to the call. */
  static Json ofThisProcess() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long cpu = system.getProcessCpuTime();
    memory.gc(); // costs some that does not belong to what is measured
    return Json.object(
        "heap_bytes",
        memory.getHeapMemoryUsage().getUsed(),
        "cpu_nanos",
        cpu,
        "cpu_nanos_after",
        system.getProcessCpuTime(),
        "compile_nanos",
        CompilerTime.nanos());
  }

  /** Asks, over a socket that is opened for it. */
  static ServerFigures ask(InetSocketAddress server) throws IOException {
    URI uri = URI.create("ws://127.0.0.1:" + server.getPort() + "/ws?token=" + UUID.randomUUID());
    Ear ear = new Ear();
    WebSocket socket = HTTP.newWebSocketBuilder().buildAsync(uri, ear).join();
    try {
      socket.sendText(CALL, true);
      String answer = ear.answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      Map<String, Json> result =
          Json.parse(answer).fields().getOrDefault("result", Json.EMPTY).fields();
      return new ServerFigures(
          result.getOrDefault("heap_bytes", Json.NULL).asLong(),
          result.getOrDefault("cpu_nanos", Json.NULL).asLong(),
          result.getOrDefault("cpu_nanos_after", Json.NULL).asLong(),
          result.getOrDefault("compile_nanos", Json.NULL).asLong());
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the server does not give its figures", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      socket.abort();
    }
  }

  /** Which part of one processor was used since then, in percent. */
  double percentOfACore(ServerFigures before, Duration time) {
    return 100.0 * (cpuNanos - before.cpuNanosAfter) / time.toNanos();
  }

  /** Which part of one processor went to the JIT compilers since then, in percent. */
  double percentCompiling(ServerFigures before, Duration time) {
    return 100.0 * (compileNanos - before.compileNanos) / time.toNanos();
  }

  private static final class Ear implements WebSocket.Listener {
    private final CompletableFuture<String> answer = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        text.toString().lines().filter(line -> line.contains("\"id\":7")).forEach(answer::complete);
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
