package dev.realtime4j.server.internal.ban;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.cluster.BanStore;
import dev.realtime4j.api.cluster.BanStore.Reach;
import dev.realtime4j.server.internal.feature.Feature;
import dev.realtime4j.server.internal.feature.NodeContext;
import dev.realtime4j.server.internal.feature.Ticks;
import dev.realtime4j.server.internal.session.handshake.UserBans;
import java.time.Duration;

/**
 * Bans and disconnects, put together: the door of this package.
 *
 * <p>Thread safety: any thread.
 */
public final class BanFeature implements Feature, UserBans {
  private final Settings settings;
  private final BanService service;

  /**
   * What can be set.
   *
   * @param floodBan how long a user is refused whose socket kept on above its message limit
   */
  public record Settings(Duration floodBan) {}

  /**
   * @param settings of this feature
   * @param store keeps them for nodes that do not hear of them
   * @param context of its node
   */
  public BanFeature(Settings settings, BanStore store, NodeContext context) {
    this.settings = settings;
    this.service = new BanService(store, context);
    context.bus().onGap(service::markDirty);
  }

  /** Closes the sockets of a user, on all nodes. */
  public void disconnect(UserId user, String reason) {
    service.disconnect(user, reason);
  }

  /** Closes the sockets of a user, and refuses them for a while, on all nodes. */
  public void ban(UserId user, Duration time, String reason) {
    service.ban(user, time, Reach.ALL_SOCKETS, reason);
  }

  /** A socket of this user kept on above its message limit and was closed; the others stay. */
  public void flooded(UserId user) {
    service.ban(user, settings.floodBan, Reach.NEW_SOCKETS, "too many messages");
  }

  @Override
  public Duration remaining(UserId user) {
    return service.remainingBan(user);
  }

  @Override
  public void schedule(Ticks ticks) {
    ticks.every(Duration.ofSeconds(1), "Comparing bans", service::tick);
    ticks.every(Duration.ofHours(12), "Forgetting ended bans", service::markDirty);
  }

  @Override
  public void start() {
    service.reconcile();
  }

  @Override
  public void onStateLost() {
    service.markDirty();
  }
}
