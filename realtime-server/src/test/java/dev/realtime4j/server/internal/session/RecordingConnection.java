package dev.realtime4j.server.internal.session;

import dev.realtime4j.api.CloseCode;
import dev.realtime4j.api.transport.TransportConnection;
import java.util.ArrayList;
import java.util.List;

/** A socket that says when it is paused and read on. */
public final class RecordingConnection implements TransportConnection {
  public final List<String> heard = new ArrayList<>();

  @Override
  public int lane() {
    return 0;
  }

  @Override
  public void wantWrite() {}

  @Override
  public void pauseReading() {
    heard.add("pause");
  }

  @Override
  public void resumeReading() {
    heard.add("resume");
  }

  @Override
  public void close(CloseCode code, String reason) {
    heard.add("close");
  }

  @Override
  public void abort(CloseCode code, String reason) {
    heard.add("abort");
  }
}
