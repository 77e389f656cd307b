package dev.realtime4j.integration.docs;

import dev.realtime4j.server.RealtimeServer;
import dev.realtime4j.server.tls.ServerTls;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** What docs/security.md shows of TLS. */
final class SecurityPage {
  private SecurityPage() {}

  static void tls(String password, SSLContext sslContext) {
    // docs:begin
    ServerTls tls = ServerTls.keyStore(Path.of("/etc/app/server.p12"), password); // PKCS#12 or JKS
    ServerTls.pem(Path.of("fullchain.pem"), Path.of("privkey.pem")); // as ACME clients write them
    ServerTls.of(sslContext); // yours, as it is
    RealtimeServer.builder().tls(tls);
    // docs:end
  }
}
