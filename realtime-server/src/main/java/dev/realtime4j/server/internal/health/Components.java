package dev.realtime4j.server.internal.health;

/** What a node stands on, by its name in the health report: that of the builder's setting. */
public final class Components {
  /** The stores that the nodes share, and their bus. */
  public static final String CLUSTER = "cluster";

  /** Where notifications are stored. */
  public static final String NOTIFICATIONS = "notifications";

  /** Where connections are logged. */
  public static final String CONNECTION_LOG = "connection_log";

  private Components() {}
}
