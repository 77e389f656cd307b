package dev.realtime4j.server.internal.websocket;

import dev.realtime4j.server.internal.environment.ServerThreads;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread and the sockets that belong to it.
 *
 * <p>A turn: wait for sockets, read and write them; serve the connections with requests; run tasks;
 * end what is overdue. Nothing that happens in a turn ends the thread but {@link #shutDown}.
 */
final class EventLoop {
  private static final Logger log = LoggerFactory.getLogger(EventLoop.class);
  private static final int READ_BUFFER = 64 * 1024;

  /** How often an ending loop looks whether its time is over. */
  private static final long ENDING_MILLIS = 10;

  private static final long PAUSE_AFTER_FAILURE_NANOS = 1_000_000;

  private final Selector selector = Selector.open();
  private final Thread thread;
  private final int lane;
  private final LoopSettings settings;
  private final TlsBuffers tlsBuffers = new TlsBuffers();

  /** No bound of its own: two per handshake, and what the host gives to {@code afterWrites}. */
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  private final RequestStack requests = new RequestStack();
  private final AtomicBoolean asleep = new AtomicBoolean();
  private final LongSupplier nanoTime;
  private final ServerThreads threads;
  private final Deadlines<SocketHandler> deadlines;
  private final ByteBuffer readBuffer = ByteBuffer.allocate(READ_BUFFER);
  private final WriteSpace writeSpace = new WriteSpace();
  private final WebSocketCodec draft = new WebSocketCodec();
  private final Consumer<SelectionKey> ready = this::ready;
  private final List<Runnable> batch = new ArrayList<>();
  private boolean ending;
  private long endBy;

  private EventLoop(int lane, LoopSettings settings) throws IOException {
    this.lane = lane;
    this.settings = settings;
    nanoTime = settings.environment().nanoTime();
    threads = settings.environment().threads();
    deadlines = new Deadlines<>(nanoTime);
    thread = threads.thread("realtime-io-" + (lane + 1), this::run);
  }

  /**
   * A loop that runs.
   *
   * @param lane its number among the loops, from 0
   */
  static EventLoop start(int lane, LoopSettings settings) throws IOException {
    EventLoop loop = new EventLoop(lane, settings);
    loop.thread.start();
    return loop;
  }

  /**
   * Runs a task on this loop, after the requests that were left before. From any thread; dropped
   * when the loop has ended.
   */
  void execute(Runnable task) {
    tasks.add(task);
    wakeUp();
  }

  /** The same, for one socket. */
  void execute(SocketHandler link, Step step) {
    execute(() -> guarded(link, step));
  }

  /** Serves a connection's requests soon. From any thread. */
  void serve(Connection connection) {
    requests.push(connection);
    wakeUp();
  }

  /** What to do with a new socket. */
  @FunctionalInterface
  interface First {
    ChannelState stage(SocketHandler link) throws IOException;
  }

  /**
   * Takes a new socket. From any thread.
   *
   * @param first what to do with it
   * @param place what it has of the node's
   */
  void adopt(SocketChannel socket, First first, ConnectionSlot place) {
    execute(
        () -> {
          SocketHandler link = register(socket, place);
          if (link != null) {
            guarded(
                link,
                () -> {
                  link.enter(first.stage(link));
                  link.begin();
                });
          }
        });
  }

  private @Nullable SocketHandler register(SocketChannel socket, ConnectionSlot place) {
    try {
      socket.configureBlocking(false);
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      // Else the kernel takes up to 4 MiB for a client that does not read, and nobody notices.
      socket.setOption(
          StandardSocketOptions.SO_SNDBUF, Pace.firstSendBuffer(settings.sendBufferBytes()));
      SelectionKey key = socket.register(selector, SelectionKey.OP_READ);
      SocketHandler link = new SocketHandler(this, socket, key, settings.tls(), place);
      key.attach(link);
      if (place.attach(() -> execute(link, link::close))) {
        return link;
      }
      link.close();
      return null;
    } catch (Throwable e) {
      log.debug("a socket could not be registered", e);
      closeQuietly(socket);
      place.closed();
      return null;
    }
  }

  /** Says goodbye to all sockets, closes what is left after the given time, and ends the thread. */
  void shutDown(Duration patience) {
    execute(
        () -> {
          if (!ending) {
            ending = true;
            endBy = nanoTime.getAsLong() + patience.toNanos();
            links().forEach(link -> guarded(link, link::shutDown));
          }
        });
  }

  void awaitEnd(long endNanos) {
    TransportThreads.awaitEnd(thread, endNanos - nanoTime.getAsLong());
  }

  /** Its number among the loops, from 0. */
  int lane() {
    return lane;
  }

  /** The most that the kernel may hold of one socket. */
  int sendBufferBytes() {
    return settings.sendBufferBytes();
  }

  /** How many pings and pongs one socket may send. */
  int controlFramesPerSecond() {
    return settings.controlFramesPerSecond();
  }

  /** For one read at a time; whoever needs bytes later copies them. */
  ByteBuffer readBuffer() {
    return readBuffer;
  }

  WriteSpace writeSpace() {
    return writeSpace;
  }

  TlsBuffers tlsBuffers() {
    return tlsBuffers;
  }

  WebSocketCodec draft() {
    return draft;
  }

  /** The monotonic clock. */
  LongSupplier nanoTime() {
    return nanoTime;
  }

  Deadlines<SocketHandler> deadlines() {
    return deadlines;
  }

  private void wakeUp() {
    if (asleep.get() && asleep.compareAndSet(true, false)) {
      selector.wakeup();
    }
  }

  private void run() {
    while (!ending || (!selector.keys().isEmpty() && endBy - nanoTime.getAsLong() > 0)) {
      try {
        turn();
      } catch (Throwable e) {
        complain(e);
        pauseAfterFailure();
      }
    }
    for (SocketHandler link : links()) {
      guarded(link, link::close);
    }
    closeQuietly(selector);
  }

  private void pauseAfterFailure() {
    try {
      threads.pause(PAUSE_AFTER_FAILURE_NANOS);
    } catch (InterruptedException ignored) {
      // Meant for somebody's callback.
    }
  }

  private void turn() throws IOException {
    // An interrupt meant for somebody's callback would make every select return at once.
    Thread.interrupted();
    select();
    // First the tasks are taken, then the requests served, then the tasks run: so a task runs
    // after all requests that were left before it.
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      batch.add(task);
    }
    for (Connection next = requests.takeAll(); next != null; ) {
      Connection connection = next;
      next = connection.nextRequesting;
      connection.nextRequesting = null;
      guarded(connection.link(), connection);
    }
    for (Runnable task : batch) {
      run(task);
    }
    batch.clear();
    for (SocketHandler late = deadlines.poll(); late != null; late = deadlines.poll()) {
      guarded(late, late::overdue);
    }
  }

  private void select() throws IOException {
    asleep.set(true);
    long millis = deadlines.millisToNext();
    if (ending) {
      millis = millis == 0 ? ENDING_MILLIS : Math.min(millis, ENDING_MILLIS);
    }
    if (requests.isEmpty() && tasks.isEmpty()) {
      selector.select(ready, millis);
    } else {
      selector.selectNow(ready);
    }
    asleep.set(false);
  }

  private void ready(SelectionKey key) {
    SocketHandler link = (SocketHandler) key.attachment();
    guarded(link, link);
  }

  /** Something to do for one socket, which alone suffers when it fails. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /** Does something for one socket; closes it when that fails. On the loop's thread. */
  void guarded(SocketHandler link, Step step) {
    try {
      step.run();
    } catch (IOException e) {
      log.debug("a socket failed", e);
      close(link);
    } catch (Throwable e) {
      complain(e);
      close(link);
    }
  }

  private void close(SocketHandler link) {
    try {
      link.close();
    } catch (Throwable e) {
      complain(e);
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      complain(e);
    }
  }

  private void complain(Throwable e) {
    try {
      log.error("{} goes on after a failure", thread.getName(), e);
    } catch (Throwable ignored) {
      // Without memory logging fails too; the thread must outlive it.
    }
  }

  private List<SocketHandler> links() {
    List<SocketHandler> links = new ArrayList<>();
    for (SelectionKey key : selector.keys()) {
      if (key.attachment() instanceof SocketHandler link) {
        links.add(link);
      }
    }
    return links;
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      log.debug("closing failed", e);
    }
  }
}
