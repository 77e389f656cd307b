package dev.realtime4j.server;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.ServerId;
import dev.realtime4j.api.connectionlog.ConnectionLog;
import dev.realtime4j.server.internal.cluster.Commands;
import dev.realtime4j.server.internal.cluster.NodeLife;
import dev.realtime4j.server.internal.connectionlog.ConnectionLogWriter;
import dev.realtime4j.server.internal.presence.PresenceFeature;
import dev.realtime4j.server.internal.room.RoomFeature;
import dev.realtime4j.server.internal.session.SessionRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node holds in the stores that all share: written again when it is lost, removed at the
 * end, and inherited from nodes that died. What presence holds of a dead node expires.
 */
final class Legacy {
  private static final Logger log = LoggerFactory.getLogger(Legacy.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final String WRITE_AGAIN = "node.write_again";

  private final ServerId self;
  private final NodeLife life;
  private final RoomFeature rooms;
  private final ConnectionLogWriter logWriter;
  private final ConnectionLog connectionLog;
  private final SessionRegistry registry;
  private final InstantSource clock;

  Legacy(
      ServerId self,
      NodeLife life,
      PresenceFeature presence,
      RoomFeature rooms,
      ConnectionLogWriter logWriter,
      ConnectionLog connectionLog,
      Commands commands,
      SessionRegistry registry,
      InstantSource clock) {
    this.self = self;
    this.life = life;
    this.rooms = rooms;
    this.logWriter = logWriter;
    this.connectionLog = connectionLog;
    this.registry = registry;
    this.clock = clock;
    life.onDeath(dead -> rooms.inherit(dead.server()));
    life.onDeath(dead -> connectionLog.closeServer(dead.server(), dead.lastSeen()));
    life.onNamesake(() -> rooms.inherit(self));
    life.onForgotten(rooms::writeAgain);
    life.onForgotten(presence::writeAgain);
    life.onForgotten(() -> logWriter.writeAgain(registry.all()));
    life.onMistake(server -> commands.send(WRITE_AGAIN, Json.object("server_id", server)));
    commands.on(WRITE_AGAIN, this::writeAgain);
    Instant begun = clock.instant();
    life.onIntroduced(() -> logWriter.succeed(life.namesakeEnded().orElse(begun)));
  }

  /** This node was taken for dead: it was taken out of its rooms, and its connections closed. */
  private void writeAgain(Map<String, Json> params) {
    if (self.value().equals(params.getOrDefault("server_id", Json.NULL).asString())) {
      rooms.writeAgain();
      logWriter.writeAgain(registry.all());
    }
  }

  /**
   * The first sign of life; what a node of the same name left when it died is cleaned up. While it
   * may still live this waits, at most for the time in which it would give its next sign of life.
   *
   * @param patience how long; what is not known then, the ticks find out
   * @throws RealtimeException {@code BAD_REQUEST} when it lives
   */
  void begin(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    life.tick();
    while (life.isUndecided() && System.nanoTime() - end < 0 && !Thread.interrupted()) {
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
      life.tick();
    }
    if (life.isTwice()) {
      throw RealtimeException.badRequest(life.twiceMessage());
    }
  }

  /**
   * Leaves the cluster with nothing left behind, or leaves it to the other nodes. What another node
   * with the same id holds stays.
   */
  void end() {
    logWriter.flush();
    if (life.isKnown() && !life.isTwice() && isCleanedUp()) {
      life.leave();
    } else {
      life.vanish();
    }
  }

  private boolean isCleanedUp() {
    try {
      rooms.inherit(self); // What the sockets' own farewells did not get to.
      if (logWriter.waiting() == 0) {
        connectionLog.closeServer(self, clock.instant());
        return true;
      }
      log.warn("{} entries of the connection log could not be written", logWriter.waiting());
    } catch (RealtimeException e) {
      log.warn("Not all that this node held is cleaned up; another node will: {}", e.getMessage());
    }
    return false;
  }
}
