package dev.realtime4j.server.internal.session.fanout;

import dev.realtime4j.server.internal.session.Session;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the same messages to several recipients: what comes in while the last batch is being
 * written is joined into one text for everybody. Nothing waits for a timer: a lone message goes out
 * at once, and a tick is as long as the writes of the one before took.
 *
 * <p>Each lane ticks by itself, on the thread that writes its sockets: no socket's state travels
 * between processors.
 *
 * <p>Overflow policy: when more than {@value #MAX_WAITING} bytes wait in a lane a message is
 * dropped there with a warning; that is beyond what any socket's own budget could take.
 *
 * <p>Thread safety: any thread sends.
 */
public final class Fanout {
  private static final Logger log = LoggerFactory.getLogger(Fanout.class);
  private static final int JOIN_UP_TO = 64 * 1024;
  private static final int MAX_WAITING = 16 * 1024 * 1024;

  private final Recipients recipients;
  private final Lanes lanes;
  private final Tick[] ticks;

  /**
   * @param recipients who gets it, asked at every tick
   */
  public Fanout(Recipients recipients, Lanes lanes) {
    this.recipients = recipients;
    this.lanes = lanes;
    this.ticks = new Tick[lanes.count()];
    for (int lane = 0; lane < ticks.length; lane++) {
      ticks[lane] = new Tick(lane);
    }
  }

  /** Sends one message; never blocks. Messages of one thread stay in order. */
  public void send(byte[] message) {
    for (Tick tick : ticks) {
      tick.add(message);
    }
  }

  /** What waits in one lane. */
  private final class Tick implements Runnable {
    private final int lane;
    private List<byte[]> waiting = new ArrayList<>();
    private int bytes;
    private boolean running;
    private boolean dropping;

    Tick(int lane) {
      this.lane = lane;
    }

    void add(byte[] message) {
      synchronized (this) {
        if (bytes + message.length > MAX_WAITING) {
          complain();
          return;
        }
        waiting.add(message);
        bytes += message.length + 1;
        if (running) {
          return;
        }
        running = true;
      }
      lanes.afterWrites(lane, this);
    }

    private void complain() {
      if (!dropping) {
        dropping = true;
        log.warn("A fan-out is behind by {} bytes; messages are dropped", bytes);
      }
    }

    @Override
    public void run() {
      List<byte[]> batch;
      synchronized (this) {
        if (waiting.isEmpty()) {
          running = false;
          return;
        }
        batch = waiting;
        waiting = new ArrayList<>();
        bytes = 0;
        dropping = false;
      }
      try {
        Session[] sessions = recipients.of(lane);
        for (byte[] joined : join(batch)) {
          for (Session session : sessions) {
            session.send(joined);
          }
        }
      } finally {
        lanes.afterWrites(lane, this);
      }
    }
  }

  private static List<byte[]> join(List<byte[]> batch) {
    if (batch.size() == 1) {
      return batch;
    }
    List<byte[]> joined = new ArrayList<>();
    for (int from = 0; from < batch.size(); ) {
      int length = batch.get(from).length;
      int to = from + 1;
      while (to < batch.size() && length + 1 + batch.get(to).length <= JOIN_UP_TO) {
        length += 1 + batch.get(to++).length;
      }
      joined.add(join(batch.subList(from, to), length));
      from = to;
    }
    return joined;
  }

  private static byte[] join(List<byte[]> messages, int length) {
    if (messages.size() == 1) {
      return messages.get(0);
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] message : messages) {
      if (at > 0) {
        joined[at++] = '\n';
      }
      System.arraycopy(message, 0, joined, at, message.length);
      at += message.length;
    }
    return joined;
  }
}
