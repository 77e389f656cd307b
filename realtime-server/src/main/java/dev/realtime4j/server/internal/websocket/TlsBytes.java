package dev.realtime4j.server.internal.websocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tlschannel.NeedsReadException;
import tlschannel.NeedsTaskException;
import tlschannel.NeedsWriteException;
import tlschannel.ServerTlsChannel;

/**
 * TLS around a socket, as a channel that never blocks. {@code tls-channel} does the records; what
 * is here is which readiness of the socket the next step needs ({@link #interest}), so that no loop
 * spins, and what waits inside where no selector sees it, so that no record is held back: input
 * ({@link #holdsInput}) and output ({@link #flush}).
 *
 * <p>Used on its loop's thread only; the arithmetic of a handshake runs elsewhere, and meanwhile
 * nothing touches the channel.
 */
final class TlsBytes implements ByteChannel {
  private static final Logger log = LoggerFactory.getLogger(TlsBytes.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final MeteredSocket socket;
  private final WatchedEngine engine;
  private final Arriving arriving;
  private final ServerTlsChannel tls;
  private final FairExecutor tasks;
  private final ConnectionSlot place;
  private final Consumer<Runnable> onLoop;
  private final Runnable goOn;
  private boolean established;
  private boolean holdsInput;
  private boolean outputWaits;
  private boolean inputNeedsOutput;
  private boolean endWanted;
  private boolean ended;

  /** Written by the loop; read by the task that need not be done any more. */
  private volatile boolean closed;

  private boolean working;

  /**
   * @param place whose turn the arithmetic waits for
   * @param onLoop runs something on the loop's thread
   * @param goOn called there when a task is done
   */
  TlsBytes(
      MeteredSocket socket,
      TlsSetup setup,
      ConnectionSlot place,
      TlsBuffers buffers,
      Consumer<Runnable> onLoop,
      Runnable goOn) {
    this.socket = socket;
    this.engine = new WatchedEngine(setup.engine(), setup.nanoTime());
    this.tasks = setup.tasks();
    this.place = place;
    this.onLoop = onLoop;
    this.goOn = goOn;
    this.arriving = new Arriving(socket);
    this.tls =
        ServerTlsChannel.newBuilder(arriving, setup.contexts().get())
            .withEngineFactory(context -> engine)
            .withRunTasks(false)
            .withEncryptedBufferAllocator(buffers)
            .build();
  }

  /** What the socket must be ready for, when the stage wants this. */
  int interest(int wanted) {
    if (working) {
      return 0;
    }
    if (!established) {
      return outputWaits ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    }
    if (ended) {
      return wanted & SelectionKey.OP_READ;
    }
    if (outputWaits) {
      return SelectionKey.OP_WRITE | (inputNeedsOutput ? 0 : wanted & SelectionKey.OP_READ);
    }
    return wanted;
  }

  boolean isEstablished() {
    return established;
  }

  /** Whether the client waits for our arithmetic. */
  boolean isWorking() {
    return working;
  }

  /** Goes on with the handshake as far as it can; whether it is complete. */
  boolean advance() throws IOException {
    if (established || working) {
      return established;
    }
    outputWaits = false;
    arriving.restart();
    try {
      tls.handshake();
      established = true;
      engine.established();
      holdsInput = true; // What came with the last record of the handshake.
    } catch (NeedsReadException e) {
      return false;
    } catch (NeedsWriteException e) {
      outputWaits = true;
    } catch (NeedsTaskException e) {
      work(e.getTask());
    } catch (SSLException e) {
      sayWhy();
      throw e;
    }
    return established;
  }

  private void work(Runnable task) {
    working = true;
    tasks.execute(
        place.whose(),
        () -> {
          try {
            if (!closed) {
              task.run();
            }
          } finally {
            onLoop.accept(
                () -> {
                  working = false;
                  goOn.run();
                });
          }
        });
  }

  /** The alert of a failed handshake, as far as the socket takes it. */
  private void sayWhy() {
    try {
      ByteBuffer alert = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(NOTHING, alert);
      socket.write(alert.flip());
    } catch (IOException e) {
      log.debug("a TLS alert could not be sent", e);
    }
  }

  /** Whether there may be input that the socket does not tell of. */
  boolean holdsInput() {
    return holdsInput && !working && !inputNeedsOutput;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (ended) {
      return discard(into);
    }
    if (!established || working) {
      return 0;
    }
    holdsInput = true;
    arriving.restart();
    try {
      int count = tls.read(into);
      holdsInput = count > 0;
      return count;
    } catch (NeedsReadException e) {
      holdsInput = false;
    } catch (NeedsWriteException e) {
      outputWaits = true;
      inputNeedsOutput = true;
    } catch (NeedsTaskException e) {
      throw again();
    }
    return 0;
  }

  /**
   * Keys are negotiated once: TLS 1.2 lets a client ask for this costly part as often as it likes.
   */
  private static SSLException again() {
    return new SSLException("the client wants to negotiate again");
  }

  /** After our end what comes is of no interest, but its end is. */
  private int discard(ByteBuffer into) throws IOException {
    int start = into.position();
    int count = socket.read(into);
    into.position(start);
    return Math.min(count, 0);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    if (!established || working || ended) {
      return 0;
    }
    int start = from.position();
    try {
      tls.write(from);
      outputWaits = false;
      inputNeedsOutput = false;
    } catch (NeedsWriteException e) {
      outputWaits = true; // What was taken is encrypted and waits inside.
    } catch (NeedsReadException e) {
      throw again();
    } catch (NeedsTaskException e) {
      throw again();
    }
    return from.position() - start;
  }

  /** Writes what waits inside; whether nothing is left. */
  boolean flush() throws IOException {
    if (outputWaits) {
      write(NOTHING.duplicate());
    }
    endIfWanted();
    return !outputWaits;
  }

  /** Says that nothing more will be written, once everything is. */
  void endOutput() throws IOException {
    endWanted = true;
    endIfWanted();
  }

  private void endIfWanted() throws IOException {
    if (endWanted && !ended && established && !outputWaits && !working) {
      ended = true;
      holdsInput = false;
      try {
        tls.shutdown();
      } catch (NeedsWriteException e) {
        log.debug("a full socket did not take the end of TLS");
      }
      socket.shutdownOutput();
    }
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  /** Says goodbye where it can be said at once, and closes the socket. */
  @Override
  public void close() throws IOException {
    closed = true;
    if (established && !working && !ended) {
      tls.close();
    }
    socket.close();
  }

  /**
   * The socket, as if no more had come than so much at a time: records without content would else
   * keep a loop busy with one connection for as long as they come.
   */
  private static final class Arriving implements ByteChannel {
    private static final int AT_A_TIME = 64 * 1024;

    private final MeteredSocket socket;
    private int left;

    Arriving(MeteredSocket socket) {
      this.socket = socket;
    }

    void restart() {
      left = AT_A_TIME;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      int count = left > 0 ? socket.read(into) : 0;
      left -= Math.max(0, count);
      return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return socket.write(from);
    }

    @Override
    public boolean isOpen() {
      return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
