package dev.realtime4j.examples.demo;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.presence.PresenceStatus;
import java.sql.SQLException;
import java.util.Map;

/** What the page's buttons ask the host for. Of the demo only, and without any login. */
final class Controls {
  private final Stage stage;

  Controls(Stage stage) {
    this.stage = stage;
  }

  /** What the page needs to know. */
  Json tell(String what) {
    return switch (what) {
      case "setup" -> setup();
      case "counts" -> counts();
      default -> throw RealtimeException.badRequest("there is nothing to tell about that");
    };
  }

  /** What a button does. */
  Json act(String action, Map<String, Json> params) throws SQLException {
    Story story = stage.story();
    switch (action) {
      case "token":
        return Json.object("token", stage.tokens().of(person(params, "user").id()));
      case "notify":
        return Json.object("id", story.notify(person(params, "from"), person(params, "to")).id());
      case "three":
        return Json.object(
            "ids", story.three(person(params, "to")).stream().map(Notification::id).toList());
      case "roll-back":
        long before = stage.stores().storedNotifications();
        story.rollBack(person(params, "from"), person(params, "to"));
        return Json.object("rows", stage.stores().storedNotifications() - before);
      case "status":
        PresenceStatus status = PresenceStatus.valueOf(text(params, "status"));
        return Json.object("status", story.status(person(params, "user"), status).status());
      case "announce":
        story.announce();
        return Json.EMPTY;
      case "node":
        return node(text(params, "action"));
      default:
        throw RealtimeException.badRequest("there is no such button");
    }
  }

  private Json node(String action) {
    if (action.equals("stop")) {
      stage.nodeA().stop();
    } else {
      stage.nodeA().start();
    }
    return Json.EMPTY;
  }

  private Json setup() {
    return Json.object(
        "users", Person.ALL.stream().map(Controls::user).toList(),
        "nodes", stage.nodes().stream().map(Controls::node).toList(),
        "room", Story.ROOM,
        "grace_ms", DemoNode.GRACE.toMillis(),
        "snippets", Snippets.all());
  }

  private static Json user(Person person) {
    return Json.object("id", person.id(), "name", person.name());
  }

  private static Json node(DemoNode node) {
    return Json.object(
        "id",
        node.id(),
        "url",
        "ws://localhost:" + node.port() + "/ws",
        "state",
        node.isServing() ? "serving" : "stopped");
  }

  private Json counts() {
    return Json.object(
        "sent", stage.story().sent(), "stored", stage.stores().storedNotifications());
  }

  private static Person person(Map<String, Json> params, String field) {
    return Person.of(UserId.of(text(params, field)));
  }

  private static String text(Map<String, Json> params, String field) {
    return params.getOrDefault(field, Json.NULL).asString();
  }
}
