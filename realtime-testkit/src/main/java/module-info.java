/** A server for tests. Start at {@link dev.realtime4j.testkit.FakeRealtimeServer}. */
module dev.realtime4j.testkit {
  requires transitive dev.realtime4j.client;

  exports dev.realtime4j.testkit;
}
