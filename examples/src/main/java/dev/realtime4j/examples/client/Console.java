package dev.realtime4j.examples.client;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.presence.PresenceStatus;
import dev.realtime4j.api.room.RoomName;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.Event;
import dev.realtime4j.client.Inbox;
import dev.realtime4j.client.InboxContent;
import dev.realtime4j.client.RealtimeClient;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What is printed and what is done at a command. Thread safety: commands by one thread. */
final class Console implements AutoCloseable {
  private static final String HELP =
      """
      list            the newest notifications and how many are unread
      read <n>        read the n-th of the list, or "read all"
      delete <n>      delete the n-th of the list
      busy, online    how others see you
      join <room>, leave <room>
      say <room> <text>
      quit""";

  private final RealtimeClient client;
  private final Map<UserId, String> others;
  private final PrintStream out;
  private final Inbox inbox;

  Console(RealtimeClient client, Map<UserId, String> others, PrintStream out) {
    this.client = client;
    this.others = others;
    this.out = out;
    this.inbox = client.notifications().inbox(20);
  }

  void open() {
    client.onState(this::state);
    client.notifications().onNew(one -> out.println("* " + one.content().title()));
    client.notifications().onUnreadChanged(unread -> out.println("unread: " + unread.count()));
    client.onPresence(who -> out.println(name(who.userId()) + " is " + who.status()));
    client.onEvent("said", this::said);
    client.onRoomLost(lost -> out.println("no longer in " + lost.room()));
    client.connect();
    if (!others.isEmpty()) {
      client.presence().watch(List.copyOf(others.keySet())); // waits for the connection
    }
    out.println(HELP);
  }

  /**
   * Does what a line says.
   *
   * @return whether to go on
   */
  boolean obey(String line) {
    String[] words = line.strip().split(" +", 3);
    try {
      switch (words[0]) {
        case "" -> out.flush();
        case "list" -> list(inbox.content());
        case "read" -> read(word(words, 1));
        case "delete" -> tell(client.notifications().delete(at(word(words, 1)).id()));
        case "busy" -> tell(client.presence().set(PresenceStatus.BUSY));
        case "online" -> tell(client.presence().set(PresenceStatus.ONLINE));
        case "join" -> tell(client.rooms().join(RoomName.of(word(words, 1))));
        case "leave" -> tell(client.rooms().leave(RoomName.of(word(words, 1))));
        case "say" ->
            tell(
                client
                    .rooms()
                    .publish(
                        RoomName.of(word(words, 1)), "said", Json.object("text", word(words, 2))));
        case "quit" -> {
          return false;
        }
        default -> out.println(HELP);
      }
    } catch (RealtimeException | IllegalArgumentException e) {
      out.println(e.getMessage());
    }
    return true;
  }

  private void state(ConnectionChange change) {
    String cause = change.cause() == null ? "" : ": " + change.cause().getMessage();
    String wait =
        change.delay().isZero() ? "" : ", next try in " + change.delay().toMillis() + " ms";
    out.println(change.state() + cause + wait);
  }

  private void said(Event event) {
    out.println(
        "[" + event.room() + "] " + event.data().fields().getOrDefault("text", Json.NULL).text());
  }

  private void list(InboxContent content) {
    int number = 1;
    for (Notification one : content.notifications()) {
      out.println(number++ + (one.isRead() ? "   " : " ! ") + one.content().title());
    }
    out.println(
        content.unread().count() + " unread" + (content.current() ? "" : " (as far as is known)"));
  }

  private void read(String which) {
    if (which.equals("all")) {
      tell(client.notifications().readAll(at("1").id()));
    } else {
      tell(client.notifications().read(at(which).id()));
    }
  }

  private Notification at(String number) {
    List<Notification> all = inbox.content().notifications();
    if (number.matches("\\d{1,3}") && Integer.parseInt(number) >= 1) {
      int index = Integer.parseInt(number) - 1;
      if (index < all.size()) {
        return all.get(index);
      }
    }
    throw RealtimeException.badRequest("there is no number " + number + " on the list");
  }

  private static String word(String[] words, int index) {
    if (index >= words.length) {
      throw RealtimeException.badRequest(words[0] + " needs more words");
    }
    return words[index];
  }

  private String name(UserId user) {
    return others.getOrDefault(user, user.toString());
  }

  /** Says when it went wrong; that it went well is heard by the listeners. */
  private void tell(CompletableFuture<?> call) {
    call.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            out.println(failure.getMessage());
          }
        });
  }

  @Override
  public void close() {
    client.close();
  }
}
