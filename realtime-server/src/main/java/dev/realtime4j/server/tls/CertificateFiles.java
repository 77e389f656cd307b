package dev.realtime4j.server.tls;

import dev.realtime4j.api.InvalidValueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.X509ExtendedKeyManager;

/** Where a certificate and its key come from. */
interface CertificateFiles {
  /** Larger than any certificate chain. */
  long MAX_BYTES = 4L * 1024 * 1024;

  /** All that there is, to be compared and then made {@link #keys} of; empty when it is missing. */
  byte[] read();

  /**
   * @param read what {@link #read} gave
   * @throws InvalidValueException that names the file and why it cannot be used; never a password
   *     or a key
   */
  X509ExtendedKeyManager keys(byte[] read);

  /** A file's content; empty when it cannot be read or is absurdly large. */
  static byte[] content(Path file) {
    try {
      return Files.size(file) > MAX_BYTES ? new byte[0] : Files.readAllBytes(file);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  static InvalidValueException unfit(Path file, String why) {
    return new InvalidValueException("the TLS file " + file + " cannot be used: " + why);
  }

  static InvalidValueException missing(Path file) {
    return unfit(file, "it is missing, empty, not readable, or larger than 4 MiB");
  }
}
