package dev.realtime4j.integration.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.client.ConnectionState;
import dev.realtime4j.client.RealtimeClient;
import dev.realtime4j.testkit.FakeRealtimeServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The test of an application that docs/client.md shows. */
class BellTest {
  @Test
  void a_bell_counts_and_turns_grey_without_a_connection() {
    // docs:begin
    try (FakeRealtimeServer server = FakeRealtimeServer.create();
        RealtimeClient client = server.client().build()) { // or server.attach(yourOwnBuilder)
      Bell bell = new Bell(client); // the code under test
      client.connect().join();
      server.send(NewNotification.to(server.user()).title("Shipped").build());
      assertThat(bell.count()).isEqualTo(1);
      server.stall(); // the network is dead, without an error
      server.advance(Duration.ofMinutes(1));
      assertThat(bell.isGrey()).isTrue();
    }
    // docs:end
  }

  /** What an application shows of its inbox. */
  private static final class Bell {
    private int count;
    private boolean grey = true;

    Bell(RealtimeClient client) {
      client.notifications().onNew(notification -> count++);
      client.onState(change -> grey = change.state() != ConnectionState.CONNECTED);
    }

    int count() {
      return count;
    }

    boolean isGrey() {
      return grey;
    }
  }
}
