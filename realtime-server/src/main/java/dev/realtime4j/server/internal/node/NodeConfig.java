package dev.realtime4j.server.internal.node;

import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.auth.Authenticator;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.api.notification.NotificationRepository;
import dev.realtime4j.api.presence.PresencePolicy;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.api.transport.Transport;
import dev.realtime4j.api.transport.TransportLimits;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import dev.realtime4j.server.internal.listener.SocketListener;
import dev.realtime4j.server.internal.session.call.Method;
import dev.realtime4j.server.tls.ServerTls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node is made of.
 *
 * <p>Thread safety: immutable.
 *
 * @param id its name
 * @param environment its time, threads and chance
 * @param settings what was set by numbers and times
 * @param stores where things are kept
 * @param sockets how clients reach it
 * @param application what the application decides and hears
 */
public record NodeConfig(
    ServerId id,
    ServerEnvironment environment,
    NodeSettings settings,
    Stores stores,
    Sockets sockets,
    Application application) {
  /**
   * Where things are kept.
   *
   * @param cluster shared by all nodes
   * @param notifications durable
   * @param connectionLog durable
   * @param given those that the application gave, by their names in the health report: what is in
   *     the node's own memory cannot be missing
   * @param checkEvery how often the durable ones are checked
   */
  public record Stores(
      ClusterBackend cluster,
      NotificationRepository notifications,
      ConnectionLog connectionLog,
      Set<String> given,
      Duration checkEvery) {
    /** How often durable stores are checked. */
    public static final Duration CHECK_EVERY = Duration.ofSeconds(5);
  }

  /**
   * How clients reach the node.
   *
   * @param transport accepts sockets; closed with the node
   * @param limits of the transport
   * @param tls its certificate, which may be renewed; null without
   */
  public record Sockets(Transport transport, TransportLimits limits, @Nullable ServerTls tls) {}

  /**
   * What the application decides and hears.
   *
   * @param authenticator who is at the other end
   * @param roomPolicy who may do what in rooms
   * @param presencePolicy who may see whom
   * @param listeners hear of sockets
   * @param methods what clients may call beside the protocol's own, by name
   */
  public record Application(
      Authenticator authenticator,
      RoomPolicy roomPolicy,
      PresencePolicy presencePolicy,
      List<SocketListener> listeners,
      Map<String, Method> methods) {
    public Application {
      listeners = List.copyOf(listeners);
      methods = Map.copyOf(methods);
    }
  }
}
