package dev.realtime4j.server.internal.node;

import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.server.internal.ban.BanFeature;
import dev.realtime4j.server.internal.connectionlog.ConnectionLogFeature;
import dev.realtime4j.server.internal.feature.DurableStore;
import dev.realtime4j.server.internal.feature.Feature;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.listener.ListenerFeature;
import dev.realtime4j.server.internal.notification.NotificationFeature;
import dev.realtime4j.server.internal.presence.PresenceFeature;
import dev.realtime4j.server.internal.room.RoomFeature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The features of a node, in order: another one is a line of the list. */
final class Features {
  private static final Logger log = LoggerFactory.getLogger(Features.class);

  private final BanFeature bans;
  private final PresenceFeature presence;
  private final RoomFeature rooms;
  private final NotificationFeature notifications;
  private final List<Feature> forwards;
  private final List<Feature> backwards;

  Features(NodeConfig config, NodeContext context) {
    NodeSettings settings = config.settings();
    NodeConfig.Application application = config.application();
    ClusterBackend cluster = config.stores().cluster();
    bans = new BanFeature(settings.bans(), cluster.bans(), context);
    notifications =
        new NotificationFeature(settings.notifications(), config.stores().notifications(), context);
    ConnectionLogFeature log =
        new ConnectionLogFeature(config.stores().connectionLog(), notifications.ids(), context);
    presence =
        new PresenceFeature(
            settings.presence(),
            cluster.presence(),
            application.presencePolicy(),
            log::lastSeen,
            context);
    rooms = new RoomFeature(settings.rooms(), cluster.rooms(), application.roomPolicy(), context);
    forwards =
        List.of(
            bans,
            presence,
            log,
            new ListenerFeature(application.listeners(), context),
            rooms,
            notifications,
            new CertificateFeature(config.sockets().tls()));
    List<Feature> reversed = new ArrayList<>(forwards);
    Collections.reverse(reversed);
    backwards = List.copyOf(reversed);
  }

  BanFeature bans() {
    return bans;
  }

  PresenceFeature presence() {
    return presence;
  }

  RoomFeature rooms() {
    return rooms;
  }

  NotificationFeature notifications() {
    return notifications;
  }

  /** As sockets, methods and the start go through them. */
  List<Feature> forwards() {
    return forwards;
  }

  /** As what ends goes through them, this node or another. */
  List<Feature> backwards() {
    return backwards;
  }

  List<DurableStore> durableStores() {
    return forwards.stream().map(Feature::durableStore).filter(Objects::nonNull).toList();
  }

  /** A component answers when it does to all that stand on it. */
  Map<String, Boolean> components() {
    Map<String, Boolean> components = new HashMap<>();
    for (Feature feature : forwards) {
      feature.components().forEach((name, up) -> components.merge(name, up, Boolean::logicalAnd));
    }
    return components;
  }

  Map<String, Long> metrics() {
    Map<String, Long> metrics = new HashMap<>();
    forwards.forEach(feature -> metrics.putAll(feature.metrics()));
    return metrics;
  }

  void close() {
    for (Feature feature : backwards) {
      NodeThreads.guarded("Closing " + name(feature), feature::close);
    }
  }

  /** Whether none of them left anything for another node to clean up. */
  boolean leave() {
    boolean clean = true;
    for (Feature feature : backwards) {
      try {
        feature.leave();
      } catch (RealtimeException e) {
        clean = false;
        log.warn(
            "Not all that this node held is cleaned up; another node will: {}", e.getMessage());
      }
    }
    return clean;
  }

  private static String name(Feature feature) {
    return feature.getClass().getSimpleName();
  }
}
