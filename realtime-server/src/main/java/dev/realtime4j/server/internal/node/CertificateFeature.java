package dev.realtime4j.server.internal.node;

import dev.realtime4j.server.internal.feature.Feature;
import dev.realtime4j.server.internal.feature.Ticks;
import dev.realtime4j.server.tls.ServerTls;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for a renewed certificate now and then. Files that cannot be used are said once. */
final class CertificateFeature implements Feature {
  private static final Logger log = LoggerFactory.getLogger(CertificateFeature.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final @Nullable ServerTls tls;

  /**
   * @param tls null without
   */
  CertificateFeature(@Nullable ServerTls tls) {
    this.tls = tls;
  }

  @Override
  public void schedule(Ticks ticks) {
    ServerTls renewed = tls;
    if (renewed != null) {
      ticks.every(PAUSE, "Renewing the certificate", () -> look(renewed));
    }
  }

  private static void look(ServerTls tls) {
    if (tls.reload()) {
      log.info("The certificate was renewed; new sockets are shown the new one");
    }
  }
}
