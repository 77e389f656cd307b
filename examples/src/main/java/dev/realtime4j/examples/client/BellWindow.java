package dev.realtime4j.examples.client;

import dev.realtime4j.client.RealtimeClient;
import java.awt.Dimension;
import java.io.IOException;
import java.net.URI;
import javax.swing.JFrame;
import javax.swing.SwingUtilities;
import javax.swing.WindowConstants;

/**
 * A window with a bell. Start the demo, then this:
 *
 * <pre>{@code
 * mvn -q compile exec:java -Dexec.mainClass=dev.realtime4j.examples.client.BellWindow \
 *     -Dexec.args="Ben"
 * }</pre>
 */
public final class BellWindow {
  private BellWindow() {}

  /**
   * Opens it.
   *
   * @param args a name; then where the demo is, unless it is on {@code http://localhost:8088}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    String name = args.length > 0 ? args[0] : "Ben";
    URI demo = URI.create(args.length > 1 ? args[1] : "http://localhost:8088");
    DemoLogin login = DemoLogin.at(demo, name);
    RealtimeClient client = login.client().callbackExecutor(SwingUtilities::invokeLater).build();
    SwingUtilities.invokeLater(() -> open(name, new BellPanel(client, login.others())));
    client.connect();
    Runtime.getRuntime().addShutdownHook(new Thread(client::close, "realtime-bell-stop"));
  }

  private static void open(String name, BellPanel panel) {
    JFrame window = new JFrame("realtime4j: " + name);
    window.setDefaultCloseOperation(WindowConstants.EXIT_ON_CLOSE);
    panel.setPreferredSize(new Dimension(360, 320));
    window.add(panel);
    window.pack();
    window.setLocationByPlatform(true);
    window.setVisible(true);
  }
}
