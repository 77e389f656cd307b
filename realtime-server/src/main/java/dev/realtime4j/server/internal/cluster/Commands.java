package dev.realtime4j.server.internal.cluster;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.cluster.ClusterBus.PublishResult;
import dev.realtime4j.api.internal.Printable;
import dev.realtime4j.api.internal.SeldomTold;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one node tells all nodes to do, itself included: {@code {"command":…,"params":{…}}} on one
 * channel that every node listens to.
 *
 * <p>Thread safety: any thread; commands are carried out on a worker.
 */
public final class Commands {
  private static final Logger log = LoggerFactory.getLogger(Commands.class);
  private static final String CHANNEL = "commands";

  /** The longest of ours names some thousand sockets. */
  private static final int LONGEST = 1 << 20;

  private final SeldomTold seldom;

  private final NodeBus bus;
  private final Executor workers;
  private final Map<String, Consumer<Map<String, Json>>> known = new ConcurrentHashMap<>();

  /**
   * @param bus of this node
   * @param workers carry the commands out
   * @param nanoTime the monotonic clock
   */
  public Commands(NodeBus bus, Executor workers, LongSupplier nanoTime) {
    this.bus = bus;
    this.workers = workers;
    this.seldom = new SeldomTold(nanoTime);
  }

  /** Says what a command does on each node. */
  public void on(String command, Consumer<Map<String, Json>> action) {
    known.put(command, action);
  }

  /** Begins to listen. */
  public void start() {
    bus.awaitMade(List.of(bus.subscribe(CHANNEL, this::received)));
  }

  /** Whether commands of other nodes arrive. */
  public boolean areHeard() {
    return bus.isConnected();
  }

  /**
   * Tells all nodes.
   *
   * @return what became of it for the other nodes
   */
  public CompletionStage<PublishResult> send(String command, Json params) {
    return bus.publish(
        CHANNEL,
        BusMessage.of(
            Json.object("command", command, "params", params)
                .text()
                .getBytes(StandardCharsets.UTF_8)));
  }

  private void received(BusMessage message) {
    workers.execute(() -> carryOut(message.body()));
  }

  private void carryOut(byte[] message) {
    try {
      if (message.length > LONGEST) {
        throw RealtimeException.badRequest("it has " + message.length + " bytes");
      }
      Map<String, Json> fields = Json.parse(new String(message, StandardCharsets.UTF_8)).fields();
      String command = fields.getOrDefault("command", Json.NULL).asString();
      @Nullable Consumer<Map<String, Json>> action = known.get(command);
      if (action == null) {
        tell("unknown", "Another node sent a command that this version does not know", command);
        return;
      }
      action.accept(fields.getOrDefault("params", Json.EMPTY).fields());
    } catch (RealtimeException | InvalidValueException e) {
      tell("refused", "A command of another node was not carried out", e.getMessage());
    } catch (Throwable e) { // What came over the bus ends no worker.
      tell("failed", "A command of another node failed", Printable.place(e));
    }
  }

  private void tell(String kind, String what, @Nullable String text) {
    seldom
        .now(kind)
        .ifPresent(
            more ->
                log.warn("{}: {} ({} more since the last time)", what, Printable.of(text), more));
  }
}
