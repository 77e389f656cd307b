package dev.realtime4j.examples.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.realtime4j.examples.Closing;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/**
 * The demo: {@code mvn -q compile exec:java}, then open the page; with {@code -Dexec.args=--check}
 * the same story without a browser, with its figures, and exit code 0 or 1.
 */
public final class Demo {
  private static final int PORT = 8088;

  private Demo() {}

  /** Runs until Ctrl-C, or until the check is done. */
  public static void main(String[] args) {
    PrintStream out = System.out;
    List<String> arguments = List.of(args);
    if (!arguments.isEmpty() && !arguments.equals(List.of("--check"))) {
      out.println("The demo takes no argument, or --check");
      System.exit(2);
    }
    logAtLeast(Level.WARN);
    System.setProperty("sun.net.httpserver.nodelay", "true"); // 40 ms less for each HTTP call
    Closing closing = new Closing();
    AtomicBoolean stopping = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(stopping, closing), "realtime-demo-stop"));
    try {
      if (arguments.isEmpty()) {
        serve(closing, out);
        new CountDownLatch(1).await(); // Ctrl-C ends this
      }
      int verdict = new Check(Stage.set(closing), out).run();
      closing.close(); // not in the hook: Redis has one of its own, and the nodes would miss it
      System.exit(verdict);
    } catch (Throwable e) {
      // Whatever it is, leave from here: after main, Maven closes the class loader that closing
      // needs.
      if (!stopping.get()) {
        System.err.println("The demo does not start: " + e);
      }
      System.exit(1);
    }
  }

  private static void serve(Closing closing, PrintStream out) throws IOException {
    DemoPage page = DemoPage.open(PORT, closing);
    page.show(Stage.set(closing));
    out.println("The demo is at " + page.address() + " (Ctrl-C stops it)");
  }

  /**
   * Redis goes by a hook of its own at the same moment: what the nodes say about that is no news.
   */
  private static void stop(AtomicBoolean stopping, Closing closing) {
    stopping.set(true);
    logAtLeast(Level.OFF);
    closing.close();
  }

  private static void logAtLeast(Level level) {
    LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    for (Logger logger : loggers.getLoggerList()) {
      logger.setLevel(logger.getName().equals(Logger.ROOT_LOGGER_NAME) ? level : null);
    }
  }
}
