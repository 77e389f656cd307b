package dev.realtime4j.examples.demo;

import dev.realtime4j.api.UserId;
import java.util.List;

/**
 * A user of the demo.
 *
 * @param id who
 * @param name what the page calls them or her
 */
record Person(UserId id, String name) {
  static final Person ANNA = new Person(UserId.of("0190a5f0-0000-7000-8000-00000000000a"), "Anna");
  static final Person BEN = new Person(UserId.of("0190a5f0-0000-7000-8000-00000000000b"), "Ben");

  /** Everybody. */
  static final List<Person> ALL = List.of(ANNA, BEN);

  /**
   * The person of an id.
   *
   * @throws dev.realtime4j.api.RealtimeException {@code BAD_REQUEST} when there is none
   */
  static Person of(UserId id) {
    return ALL.stream()
        .filter(person -> person.id().equals(id))
        .findFirst()
        .orElseThrow(() -> dev.realtime4j.api.RealtimeException.badRequest("no such person"));
  }
}
