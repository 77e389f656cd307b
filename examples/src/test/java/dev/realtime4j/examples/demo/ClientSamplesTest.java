package dev.realtime4j.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime4j.examples.client.ConsoleClient;
import dev.realtime4j.examples.client.DemoLogin;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The console client beside the running demo, as the documentation says. */
final class ClientSamplesTest {
  @Test
  void the_console_client_logs_in_at_the_demo_and_hears_its_notifications() throws Exception {
    URI demo = URI.create(SharedStage.ADDRESS);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    try (PipedWriter keyboard = new PipedWriter();
        BufferedReader in = new BufferedReader(new PipedReader(keyboard))) {
      DemoLogin login = DemoLogin.at(demo, "anna");
      CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> run(login, in, out));
      await().atMost(Duration.ofSeconds(20)).until(() -> text(printed).contains("\nCONNECTED"));
      SharedStage.STAGE.story().notify(Person.BEN, Person.ANNA);
      await().atMost(Duration.ofSeconds(20)).until(() -> text(printed).contains("\n* "));
      keyboard.write("quit\n");
      keyboard.flush();
      ended.get(20, TimeUnit.SECONDS);
      assertThat(text(printed)).contains("Ben is ");
    }
  }

  private static void run(DemoLogin login, BufferedReader in, PrintStream out) {
    try {
      ConsoleClient.run(login, in, out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(ByteArrayOutputStream printed) {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
