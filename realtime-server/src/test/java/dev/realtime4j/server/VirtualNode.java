package dev.realtime4j.server;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.UserId;
import dev.realtime4j.server.simulation.VirtualMachine;
import dev.realtime4j.server.simulation.VirtualTime;
import java.util.function.Consumer;

/** A node on a machine of a virtual time, with sockets that need no network. */
record VirtualNode(VirtualMachine machine, LocalTransport transport, RealtimeServer server)
    implements AutoCloseable {
  /**
   * One that is not started.
   *
   * @param settings adds to what every such node has
   */
  static VirtualNode build(
      VirtualTime time, String name, Consumer<RealtimeServer.Builder> settings) {
    VirtualMachine machine = time.machine();
    LocalTransport transport = new LocalTransport(machine);
    RealtimeServer.Builder builder =
        RealtimeServer.builder()
            .serverId(new ServerId(name))
            .authenticator(new TestUsers(time.clock()))
            .transport(transport)
            .processLifetime(ProcessLifetime.DAEMON);
    builder.environment = machine.environment();
    settings.accept(builder);
    return new VirtualNode(machine, transport, builder.build());
  }

  /** The same, started. */
  static VirtualNode start(
      VirtualTime time, String name, Consumer<RealtimeServer.Builder> settings) {
    VirtualNode node = build(time, name, settings);
    node.server.start();
    return node;
  }

  LocalTransport.Socket connect(UserId user) {
    return transport.connect(user);
  }

  @Override
  public void close() {
    machine.resume();
    server.close();
  }
}
