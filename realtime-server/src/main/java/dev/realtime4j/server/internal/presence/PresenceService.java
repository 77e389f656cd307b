package dev.realtime4j.server.internal.presence;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.api.Json;
import dev.realtime4j.api.Registration;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.presence.Presences;
import dev.realtime4j.server.internal.cluster.DurableCommands;
import dev.realtime4j.server.internal.cluster.RefCountedChannels;
import dev.realtime4j.server.internal.feature.ListenerDispatcher;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Presence as a host asks for it, changes it and watches it.
 *
 * <p>Thread safety: any thread.
 */
final class PresenceService implements Presences {
  static final String RECHECK = "presence.recheck";

  private final PresenceAnswers answers;
  private final RefCountedChannels<UserId, WatchedUser> watches;
  private final Executor listeners;
  private final DurableCommands rechecks;

  PresenceService(
      PresenceAnswers answers,
      RefCountedChannels<UserId, WatchedUser> watches,
      Executor listeners,
      DurableCommands rechecks) {
    this.answers = answers;
    this.watches = watches;
    this.listeners = listeners;
    this.rechecks = rechecks;
  }

  @Override
  public Presence get(UserId user) {
    Presence presence = get(List.of(user)).get(user);
    return presence == null ? Presence.offline(user, null) : presence;
  }

  @Override
  public Map<UserId, Presence> get(Collection<UserId> users) {
    return answers.known(users).presences();
  }

  @Override
  public Presence set(UserId user, PresenceStatus status) {
    if (status == PresenceStatus.OFFLINE) {
      throw new InvalidValueException("status must be ONLINE or BUSY");
    }
    Presence now = answers.choose(user, status);
    changedHere(now);
    return now;
  }

  /**
   * A socket of this node changed how a user is present. The store tells all nodes, this one
   * included; while its messages do not arrive, who watches here hears it from here.
   */
  void changedHere(Presence now) {
    if (!watches.areHeard()) {
      WatchedUser watched = watches.get(now.userId());
      if (watched != null) {
        watched.observed(now, watched.version());
      }
    }
  }

  @Override
  public void recheck(UserId viewer) {
    rechecks.send(RECHECK, viewer, Json.object("user_id", viewer));
  }

  @Override
  public Registration watch(Collection<UserId> users, Consumer<Presence> listener) {
    List<UserId> copy = List.copyOf(users);
    Map<UserId, WatchedUser> held = watches.acquire(copy);
    Map<UserId, Long> versions = WatchedUser.versions(held);
    PresenceAnswers.Known known = answers.known(held.keySet());
    known.compareWith(held, versions);
    ListenerDispatcher calls = new ListenerDispatcher("A presence listener", listeners, 1);
    Consumer<Presence> told =
        presence -> calls.call(presence.userId(), () -> listener.accept(presence));
    held.values().forEach(watched -> watched.listeners().add(told));
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.getAndSet(false)) {
        held.values().forEach(watched -> watched.listeners().remove(told));
        copy.forEach(watches::release);
      }
    };
  }
}
