package dev.realtime4j.examples.client;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.Notification;
import dev.realtime4j.api.presence.Presence;
import dev.realtime4j.client.ConnectionChange;
import dev.realtime4j.client.Inbox;
import dev.realtime4j.client.InboxContent;
import dev.realtime4j.client.RealtimeClient;
import java.awt.BorderLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.swing.DefaultListModel;
import javax.swing.JButton;
import javax.swing.JLabel;
import javax.swing.JList;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.SwingUtilities;

/**
 * A bell with its count, the newest notifications, and who is there. All listeners run on Swing's
 * own thread, because the client was given {@code SwingUtilities::invokeLater} as its callback
 * executor: so they may touch components, and nothing needs a lock.
 */
final class BellPanel extends JPanel {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 20;

  private final transient RealtimeClient client;
  private final transient Inbox inbox;
  private final transient Map<UserId, String> others;
  private final transient Map<UserId, Presence> presences = new LinkedHashMap<>();

  final JLabel bell = new JLabel();
  final JLabel connection = new JLabel();
  final JLabel people = new JLabel();
  final DefaultListModel<String> titles = new DefaultListModel<>();
  final JButton readAll = new JButton("Read all");

  BellPanel(RealtimeClient client, Map<UserId, String> others) {
    super(new BorderLayout(8, 8));
    this.client = client;
    this.others = others;
    this.inbox = client.notifications().inbox(SHOWN);
    layOut();
    inbox.onChange(this::show);
    client.onState(this::show);
    client.onPresence(this::show);
    readAll.addActionListener(click -> readAll());
    if (!others.isEmpty()) {
      client
          .presence()
          .watch(List.copyOf(others.keySet())) // waits for the connection
          .thenAccept(now -> SwingUtilities.invokeLater(() -> now.values().forEach(this::show)));
    }
  }

  private void layOut() {
    JPanel top = new JPanel(new BorderLayout());
    top.add(bell, BorderLayout.WEST);
    top.add(people, BorderLayout.EAST);
    JPanel bottom = new JPanel(new BorderLayout());
    bottom.add(connection, BorderLayout.WEST);
    bottom.add(readAll, BorderLayout.EAST);
    add(top, BorderLayout.NORTH);
    add(new JScrollPane(new JList<>(titles)), BorderLayout.CENTER);
    add(bottom, BorderLayout.SOUTH);
  }

  private void show(InboxContent content) {
    String more = content.unread().capped() ? "+" : "";
    bell.setText("\uD83D\uDD14 " + content.unread().count() + more);
    bell.setEnabled(content.current());
    readAll.setEnabled(content.unread().count() > 0);
    titles.clear();
    content.notifications().forEach(one -> titles.addElement(title(one)));
  }

  private static String title(Notification one) {
    return (one.isRead() ? "   " : "•  ") + one.content().title();
  }

  private void show(ConnectionChange change) {
    connection.setText(
        change.delay().isZero()
            ? change.state().toString()
            : change.state() + ", next try in " + change.delay().toSeconds() + " s");
  }

  private void show(Presence presence) {
    presences.put(presence.userId(), presence);
    people.setText(
        presences.values().stream()
            .map(one -> others.getOrDefault(one.userId(), "somebody") + ": " + one.status())
            .collect(Collectors.joining("   ")));
  }

  private void readAll() {
    List<Notification> shown = inbox.content().notifications();
    if (!shown.isEmpty()) {
      client.notifications().readAll(shown.get(0).id()); // the inbox hears what becomes of it
    }
  }
}
