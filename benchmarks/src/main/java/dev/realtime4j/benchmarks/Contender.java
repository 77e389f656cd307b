package dev.realtime4j.benchmarks;

import java.util.List;
import java.util.UUID;

/** The servers that are compared, and how a client speaks to each. */
enum Contender {
  REALTIME4J("realtime4j", RealtimeMain.class) {
    @Override
    List<Step> greeting() {
      return List.of(CONNECTED);
    }

    @Override
    List<Step> subscribing() {
      return List.of(CONNECTED.say(Message.join()), new Step("\"result\"", ""));
    }

    @Override
    String publishing(Message message) {
      return message.published();
    }
  },
  BROADCAST("Java-WebSocket broadcast", BroadcastMain.class) {
    @Override
    List<Step> greeting() {
      return List.of();
    }

    @Override
    List<Step> subscribing() {
      return List.of();
    }

    @Override
    String publishing(Message message) {
      return message.received();
    }
  };

  private static final Step CONNECTED = new Step("\"connected\"", "");

  /** One step of an opening: wait for a text that holds this, then say that; empty for nothing. */
  record Step(String awaited, String said) {
    Step say(String text) {
      return new Step(awaited, text);
    }
  }

  private final String title;
  private final Class<?> main;

  Contender(String title, Class<?> main) {
    this.title = title;
    this.main = main;
  }

  String title() {
    return title;
  }

  Class<?> main() {
    return main;
  }

  /** A request target of a user of its own; the plain broadcast asks for none and ignores it. */
  String target() {
    return "/ws?token=" + UUID.randomUUID();
  }

  /** Until the server has said that the socket is open. */
  abstract List<Step> greeting();

  /** Until the socket receives what is published. */
  abstract List<Step> subscribing();

  /** What a publisher sends, so that everybody receives the message. */
  abstract String publishing(Message message);
}
