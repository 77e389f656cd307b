package dev.realtime4j.server.internal.health;

/** What a node stands on, by its name in the health report. */
public final class Components {
  /** The stores that the nodes share, and their bus. */
  public static final String REDIS = "redis";

  /** What is durable. */
  public static final String POSTGRESQL = "postgresql";

  private Components() {}
}
