package dev.realtime4j.examples.demo;

import static dev.realtime4j.examples.demo.Person.ANNA;
import static dev.realtime4j.examples.demo.Person.BEN;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.presence.PresenceStatus;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The story without a browser. Every figure is counted: what was received from the frames of four
 * devices, what was stored with SQL.
 */
final class Check {
  private static final Duration SETTLE = Duration.ofMillis(300);

  private final Stage stage;
  private final PrintStream out;
  private final CheckDevice annaLaptop;
  private final CheckDevice annaPhone;
  private final CheckDevice benLaptop;
  private final CheckDevice benPhone;
  private final long sentBefore;
  private final long storedBefore;
  private int failed;

  Check(Stage stage, PrintStream out) {
    this.stage = stage;
    this.out = out;
    sentBefore = stage.story().sent();
    storedBefore = stage.stores().storedNotifications();
    HttpClient http = HttpClient.newHttpClient();
    annaLaptop = new CheckDevice(http, ANNA, stage.tokens());
    annaPhone = new CheckDevice(http, ANNA, stage.tokens());
    benLaptop = new CheckDevice(http, BEN, stage.tokens());
    benPhone = new CheckDevice(http, BEN, stage.tokens());
  }

  /** A step answers what it counted, and throws when that is not what it has to be. */
  private interface Step {
    String play() throws Exception;
  }

  /**
   * Plays it.
   *
   * @return 0 when everything was as it should be, else 1
   */
  int run() {
    play("connect four devices", this::connect);
    play("notify the other", this::notifyTheOther);
    play("go offline, send 3, come back", this::away);
    play("send and roll back", this::rollBack);
    play("read in one tab", this::read);
    play("BUSY", this::busy);
    play("reload", this::reload);
    play("speak to the room", this::room);
    play("stop node A", this::stopNode);
    play("start node A", this::startNode);
    play("count everything", this::count);
    out.println(failed == 0 ? "All as it should be." : failed + " steps failed.");
    all().forEach(CheckDevice::abort);
    return failed == 0 ? 0 : 1;
  }

  private void play(String name, Step step) {
    String result;
    try {
      result = "ok      " + step.play();
    } catch (Exception e) {
      failed++;
      result = "FAILED  " + (e.getMessage() == null ? e : e.getMessage());
    }
    out.printf("%-31s %s%n", name, result);
  }

  private String connect() throws Exception {
    annaLaptop.connect(stage.nodeA());
    annaPhone.connect(stage.nodeB());
    benLaptop.connect(stage.nodeB());
    benPhone.connect(stage.nodeA());
    Json everybody = Json.object("user_ids", Person.ALL.stream().map(Person::id).toList());
    for (CheckDevice device : all().toList()) {
      device.call("presence.watch", everybody);
      device.call("room.join", Json.object("room", Story.ROOM));
    }
    return "Anna on " + annaLaptop.node() + ", Ben on " + benLaptop.node() + ", phones crosswise";
  }

  private String notifyTheOther() throws Exception {
    String id = stage.story().notify(ANNA, BEN).id().toString();
    String back = stage.story().notify(BEN, ANNA).id().toString();
    until("both on two devices", () -> has(BEN, id) && has(ANNA, back));
    return String.format(
        "2 sent, on 4 devices after %d, %d, %d and %d ms",
        benLaptop.took(id), benPhone.took(id), annaLaptop.took(back), annaPhone.took(back));
  }

  private String away() throws Exception {
    List<String> before = annaLaptop.received();
    annaLaptop.call("notification.read_all", Json.object("up_to", before.get(before.size() - 1)));
    annaLaptop.disconnect();
    annaPhone.disconnect();
    until("Ben sees Anna go", () -> lastOf(benLaptop, ANNA).equals("OFFLINE"));
    List<String> ids = ids(stage.story().three(ANNA));
    annaLaptop.connect(stage.nodeA());
    annaPhone.connect(stage.nodeB());
    rejoin(annaLaptop);
    rejoin(annaPhone);
    until("all three", () -> has(ANNA, ids));
    List<String> now = annaLaptop.received();
    must("in order", ids.equals(now.subList(before.size(), now.size())));
    must("badge 3, not " + annaLaptop.unread(), annaLaptop.unread() == 3);
    must("badge 3 on the phone, not " + annaPhone.unread(), annaPhone.unread() == 3);
    return "3 sent, 3 received on each device, in order, badge " + annaLaptop.unread();
  }

  private String rollBack() throws Exception {
    long stored = stage.stores().storedNotifications();
    int received = benLaptop.received().size();
    stage.story().rollBack(ANNA, BEN);
    Thread.sleep(2500); // the relay would have found it by then
    long rows = stage.stores().storedNotifications() - stored;
    int seen = benLaptop.received().size() - received;
    must("0 stored and 0 received, not " + rows + " and " + seen, rows == 0 && seen == 0);
    return "0 stored, 0 received";
  }

  private String read() throws Exception {
    long before = annaPhone.unread();
    annaLaptop.call("inbox.read_newest", Json.EMPTY);
    until("the phone's badge", () -> annaPhone.unread() == before - 1);
    return "badge of the other device from " + before + " to " + annaPhone.unread();
  }

  private String busy() throws Exception {
    long start = System.nanoTime();
    stage.story().status(BEN, PresenceStatus.BUSY);
    until("Anna sees BUSY", () -> lastOf(annaLaptop, BEN).equals("BUSY"));
    long took = Duration.ofNanos(System.nanoTime() - start).toMillis();
    stage.story().status(BEN, PresenceStatus.ONLINE);
    until("Anna sees ONLINE", () -> lastOf(annaLaptop, BEN).equals("ONLINE"));
    return "seen on the other node after " + took + " ms";
  }

  private String reload() throws Exception {
    int before = benLaptop.changesOf(ANNA).size();
    annaLaptop.disconnect();
    annaPhone.disconnect();
    annaLaptop.connect(stage.nodeA());
    annaPhone.connect(stage.nodeB());
    rejoin(annaLaptop);
    rejoin(annaPhone);
    Thread.sleep(DemoNode.GRACE.plusSeconds(2).toMillis()); // a flicker would have shown by then
    int changes = benLaptop.changesOf(ANNA).size() - before;
    must("no change of the dot, not " + changes, changes == 0);
    return "0 changes of the dot";
  }

  private String room() throws Exception {
    stage.story().announce();
    until("everybody hears it", () -> all().allMatch(device -> !device.chat().isEmpty()));
    must("heard once", all().allMatch(device -> device.chat().size() == 1));
    return "heard once by 2 members on " + all().count() + " devices";
  }

  private String stopNode() throws Exception {
    stage.nodeA().stop();
    until("node A's devices are told", () -> annaLaptop.node() == null && benPhone.node() == null);
    String id = stage.story().notify(BEN, ANNA).id().toString();
    annaLaptop.connect(stage.nodeB());
    benPhone.connect(stage.nodeB());
    rejoin(annaLaptop);
    rejoin(benPhone);
    until("what was sent meanwhile", () -> has(ANNA, id));
    return "2 devices moved to " + annaLaptop.node() + ", 1 sent meanwhile, 1 received by each";
  }

  private String startNode() throws Exception {
    stage.nodeA().start();
    annaLaptop.disconnect();
    annaLaptop.connect(stage.nodeA());
    String id = stage.story().notify(BEN, ANNA).id().toString();
    until("a push", () -> has(ANNA, id));
    return "Anna is back on " + annaLaptop.node() + ", push after " + annaLaptop.took(id) + " ms";
  }

  private String count() throws Exception {
    Thread.sleep(SETTLE.toMillis()); // whatever would come twice
    long sent = stage.story().sent() - sentBefore;
    long stored = stage.stores().storedNotifications() - storedBefore;
    long delivered = both(annaLaptop, annaPhone) + both(benLaptop, benPhone);
    long duplicates = all().mapToLong(CheckDevice::duplicates).sum();
    long repeats = all().mapToLong(CheckDevice::repeats).sum();
    String counted =
        String.format(
            "sent %d, stored %d (SQL), delivered %d (to every device), duplicates %d (%d repeats"
                + " on the wire, dropped by id)",
            sent, stored, delivered, duplicates, repeats);
    must(
        "equal numbers and no duplicates, not " + counted,
        sent == stored && stored == delivered && duplicates == 0);
    return counted;
  }

  private static long both(CheckDevice one, CheckDevice other) {
    return one.received().stream().filter(other.received()::contains).count();
  }

  private Stream<CheckDevice> all() {
    return Stream.of(annaLaptop, annaPhone, benLaptop, benPhone);
  }

  private static List<String> ids(List<Notification> notifications) {
    return notifications.stream().map(one -> one.id().toString()).toList();
  }

  private boolean has(Person person, String id) {
    return has(person, List.of(id));
  }

  private boolean has(Person person, List<String> ids) {
    return person.equals(ANNA)
        ? annaLaptop.received().containsAll(ids) && annaPhone.received().containsAll(ids)
        : benLaptop.received().containsAll(ids) && benPhone.received().containsAll(ids);
  }

  private static String lastOf(CheckDevice device, Person user) {
    List<String> changes = device.changesOf(user);
    return changes.isEmpty() ? "" : changes.get(changes.size() - 1);
  }

  private static void rejoin(CheckDevice device) throws Exception {
    device.call(
        "presence.watch", Json.object("user_ids", Person.ALL.stream().map(Person::id).toList()));
    device.call("room.join", Json.object("room", Story.ROOM));
  }

  private static void must(String what, boolean so) {
    if (!so) {
      throw new IllegalStateException("expected: " + what);
    }
  }

  private static void until(String what, BooleanSupplier so) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("did not come: " + what);
      }
      Thread.sleep(5);
    }
  }
}
