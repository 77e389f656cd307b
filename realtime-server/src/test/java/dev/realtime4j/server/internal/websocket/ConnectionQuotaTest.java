package dev.realtime4j.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is given a place, and at whose expense. */
final class ConnectionQuotaTest {
  private static final String PROXY = "10.0.0.1";
  private static final InetAddress CUSTOMER = address("192.0.2.98");

  private final List<String> lost = new ArrayList<>();
  private long now;
  private ConnectionQuota places = places(100, 10);

  private ConnectionQuota places(int most, int perAddress) {
    UnaryOperator<InetAddress> counted = it -> it.equals(address("192.0.2.99")) ? CUSTOMER : it;
    return new ConnectionQuota(
        most,
        new Peers(peer -> peer.equals(address(PROXY)), false, counted, perAddress),
        () -> now);
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** One that keeps the server waiting. */
  private ConnectionSlot silent(String address, String name) {
    ConnectionSlot place = served(address, name);
    place.turn(true);
    return place;
  }

  private ConnectionSlot served(String address, String name) {
    ConnectionSlot place = Objects.requireNonNull(places.take(address(address)), name);
    assertThat(place.attach(() -> lost.add(name))).isTrue();
    return place;
  }

  private void silent(String address, int count) {
    for (int i = 0; i < count; i++) {
      silent(address, address + "#" + i);
    }
  }

  @Test
  void at_the_bound_of_an_address_its_longest_silent_socket_makes_room() {
    silent("192.0.2.1", 12);

    assertThat(lost).containsExactly("192.0.2.1#0", "192.0.2.1#1");
    assertThat(places.taken()).isEqualTo(10);
    assertThat(places.halfOpen()).isEqualTo(10);
    assertThat(places.turnedAway()).isEqualTo(2);
  }

  @Test
  void addresses_that_count_as_one_share_the_bound() {
    silent("192.0.2.98", 5);
    silent("192.0.2.99", 6);

    assertThat(lost).containsExactly("192.0.2.98#0");
  }

  @Test
  void sockets_that_wait_for_the_server_are_not_silent() {
    List<ConnectionSlot> asking = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      asking.add(served("192.0.2.1", "asking " + i));
    }
    silent("192.0.2.1", 10);
    assertThat(lost).isEmpty();

    asking.get(0).turn(true); // answered, and now the client's turn: the silent ones are longer so

    assertThat(lost).containsExactly("192.0.2.1#0");
  }

  @Test
  void in_a_full_house_the_address_with_most_half_open_sockets_makes_room() {
    places = places(20, 100);
    silent("192.0.2.1", 4);
    silent("192.0.2.2", 6);

    silent("192.0.2.3", "newcomer");

    assertThat(lost).containsExactly("192.0.2.2#0");
    assertThat(places.taken()).isEqualTo(10);
  }

  @Test
  void whoever_waits_for_the_server_makes_room_when_nobody_of_the_address_is_silent() {
    places = places(20, 100);
    for (int i = 0; i < 10; i++) {
      served("192.0.2.1", "asking " + i);
    }

    silent("192.0.2.3", "newcomer");

    assertThat(lost).containsExactly("asking 0");
  }

  @Test
  void a_newcomer_of_the_largest_address_is_refused_in_a_full_house() {
    places = places(20, 100);
    silent("192.0.2.1", 10);

    assertThat(places.take(address("192.0.2.1"))).isNull();
    assertThat(lost).isEmpty();
    assertThat(places.turnedAway()).isEqualTo(1);
  }

  @Test
  void a_newcomer_puts_no_other_newcomer_out() {
    places = places(20, 100);
    for (int i = 0; i < 10; i++) {
      silent("192.0.2." + i, 1);
    }

    assertThat(places.take(address("192.0.2.77"))).isNull();
    assertThat(lost).isEmpty();

    now = 1_000_000_000; // by then the others are no newcomers any more

    silent("192.0.2.77", "newcomer");
    assertThat(lost).containsExactly("192.0.2.0#0");
  }

  @Test
  void a_node_that_is_full_of_open_sockets_takes_the_places_of_silent_ones() {
    places = places(20, 100);
    for (int i = 0; i < 15; i++) {
      assertThat(served("192.0.2.1", "open").opened()).isTrue();
    }
    silent("192.0.2.2", 5);
    assertThat(places.take(address("192.0.2.2"))).isNull();

    assertThat(served("192.0.2.3", "newcomer").opened()).isTrue();

    assertThat(lost).containsExactly("192.0.2.2#0");
    assertThat(places.taken()).isEqualTo(20);
    assertThat(places.halfOpen()).isEqualTo(4);
  }

  @Test
  void sockets_of_a_trusted_proxy_are_bounded_in_all_only_and_weigh_as_silent_ones() {
    silent(PROXY, 11);
    assertThat(lost).isEmpty();
    places = places(20, 100);
    for (int i = 0; i < 8; i++) {
      served(PROXY, "asking");
    }
    silent("192.0.2.1", 2);

    silent("192.0.2.3", "newcomer");

    assertThat(lost).containsExactly("192.0.2.1#0");
  }

  @Test
  void from_the_proxys_header_on_a_socket_is_that_of_its_client() {
    for (int i = 0; i < 11; i++) {
      silent(PROXY, "client " + i).belongsTo(address("192.0.2.1"));
    }
    assertThat(lost).containsExactly("client 0");

    silent("192.0.2.1", "direct");

    assertThat(lost).containsExactly("client 0", "client 1");
  }

  @Test
  void turns_in_the_arithmetic_go_by_address_and_those_of_a_proxy_by_socket() {
    ConnectionSlot one = served("192.0.2.1", "one");
    ConnectionSlot other = served("192.0.2.1", "other");
    assertThat(one.whose()).isEqualTo(other.whose());
    assertThat(one.whose()).isNotEqualTo(served("192.0.2.2", "third").whose());
    assertThat(Objects.requireNonNull(places.outside(address("192.0.2.1"))).whose())
        .isEqualTo(one.whose());

    ConnectionSlot proxied = served(PROXY, "proxied");
    assertThat(proxied.whose()).isNotEqualTo(served(PROXY, "another").whose());
    proxied.belongsTo(address("192.0.2.1"));
    assertThat(proxied.whose()).isEqualTo(one.whose());
  }

  @Test
  void whoever_loses_the_place_before_there_is_a_socket_to_close_is_told_then() {
    places = places(20, 1);
    ConnectionSlot early = Objects.requireNonNull(places.take(address("192.0.2.1")));
    early.turn(true);
    silent("192.0.2.1", "later");

    assertThat(early.attach(() -> lost.add("never"))).isFalse();
    assertThat(early.opened()).isFalse();
    early.closed();
    assertThat(places.taken()).isEqualTo(1);
  }

  @Test
  void those_without_a_place_are_told_so_up_to_a_bound() {
    places = places(1000, 10);
    List<ConnectionSlot> outside = new ArrayList<>();
    for (ConnectionSlot one = places.outside(address(PROXY));
        one != null;
        one = places.outside(address(PROXY))) {
      outside.add(one);
    }
    assertThat(outside).hasSize(125);
    assertThat(places.taken()).isZero();

    outside.get(0).turn(true);
    outside.get(0).closed();
    outside.get(0).closed();

    assertThat(places.outside(address(PROXY))).isNotNull();
    assertThat(places.outside(address(PROXY))).isNull();
  }

  @Test
  void nothing_is_left_of_many_on_many_threads() {
    places = places(50, 5);
    CompletableFuture.allOf(
            IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.runAsync(() -> comeAndGo(thread)))
                .toArray(CompletableFuture[]::new))
        .join();

    assertThat(places.taken()).isZero();
    assertThat(places.halfOpen()).isZero();
  }

  private void comeAndGo(int thread) {
    List<ConnectionSlot> mine = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      ConnectionSlot place = places.take(address("192.0.2." + (i * 7 + thread) % 13));
      if (place != null) {
        place.turn(i % 3 == 0);
        if (i % 5 == 0) {
          place.opened();
        }
        mine.add(place);
      }
      if (mine.size() > 8) {
        mine.remove(i % 8).closed();
      }
    }
    mine.forEach(ConnectionSlot::closed);
  }
}
