package dev.realtime4j.server;

import dev.realtime4j.server.tls.ServerTls;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for a renewed certificate now and then. Files that cannot be used are said once. */
final class CertificateRenewal {
  private static final Logger log = LoggerFactory.getLogger(CertificateRenewal.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final ServerTls tls;

  CertificateRenewal(ServerTls tls) {
    this.tls = tls;
  }

  /** Begins; ends with the threads. */
  void begin(Threads threads) {
    threads.every(PAUSE, "Renewing the certificate", this::look);
  }

  private void look() {
    if (tls.reload()) {
      log.info("The certificate was renewed; new sockets are shown the new one");
    }
  }
}
