package dev.realtime4j.examples.demo;

import dev.realtime4j.examples.Closing;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One stage with its page for all tests of this module; it goes with the JVM. */
final class SharedStage {
  static final Stage STAGE;
  static final String ADDRESS;

  static {
    Closing closing = new Closing();
    Runtime.getRuntime().addShutdownHook(new Thread(closing::close));
    try {
      DemoPage page = DemoPage.open(0, closing);
      STAGE = Stage.set(closing);
      page.show(STAGE);
      ADDRESS = page.address();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SharedStage() {}
}
