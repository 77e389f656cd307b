package dev.realtime4j.benchmarks;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.auth.Handshake;
import dev.realtime4j.api.auth.Principal;
import dev.realtime4j.api.room.RoomPolicy;
import dev.realtime4j.server.RealtimeServer;
import java.io.IOException;

/** A node in memory, with its limits lifted: the token is the user's id. */
final class RealtimeMain {
  private static final int UNLIMITED = 100_000_000;

  private RealtimeMain() {}

  public static void main(String[] args) throws IOException {
    RealtimeServer server =
        RealtimeServer.builder()
            .port(0)
            .authenticator(RealtimeMain::whoever)
            .roomPolicy(RoomPolicy.open())
            .maxRoomSize(UNLIMITED)
            .messagesPerSecond(UNLIMITED)
            .controlFramesPerSecond(UNLIMITED)
            .connectsPerSecondPerUser(UNLIMITED)
            .maxSockets(UNLIMITED)
            .maxSocketsPerAddress(UNLIMITED)
            .handler("figures", call -> ServerFigures.ofThisProcess())
            .build();
    try (server) {
      ServerProcess.serveUntilOrphaned(server.start().port());
    }
  }

  private static Principal whoever(Handshake handshake) {
    return handshake
        .token()
        .map(token -> Principal.of(UserId.of(token)))
        .orElseThrow(() -> new RealtimeException(ErrorCode.UNAUTHORIZED, "no token"));
  }
}
