package dev.realtime4j.node;

import java.io.PrintStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node as a process of its own, for those who do not want to embed one.
 *
 * <pre>{@code
 * REALTIME_JWT_SECRET=… java -jar realtime-node.jar
 * }</pre>
 *
 * <p>Everything comes from the environment: see {@link NodeSettings} and {@link ServerSetting}.
 * Once it serves it prints {@code READY ws=<port> http=<port>}, the only line that is ever on the
 * standard output. {@code SIGTERM} drains it. A setting that does not fit, or a start that fails,
 * is one line on the standard error and exit code 1.
 */
public final class RealtimeNode {
  private RealtimeNode() {}

  /** Returns when it serves; the server keeps the process alive until that is told to stop. */
  public static void main(String[] args) {
    PrintStream out = System.out;
    System.setOut(System.err); // whatever a library prints, the READY line stays alone
    NodeSettings settings;
    try {
      settings = NodeSettings.read(System.getenv());
    } catch (UnfitSettingException e) {
      System.err.println("realtime-node: " + e.getMessage());
      System.exit(1);
      return;
    }
    Logger log = LoggerFactory.getLogger(RealtimeNode.class);
    if (settings.notice() != null) {
      log.warn(settings.notice());
    }
    RunningNode node;
    try {
      node = RunningNode.start(settings);
    } catch (StartFailedException e) {
      log.error("The node cannot start: {}", e.getMessage());
      System.exit(1);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(node::close, "realtime-node-stop"));
    out.println("READY ws=" + node.wsPort() + " http=" + node.httpPort());
    out.flush();
  }
}
