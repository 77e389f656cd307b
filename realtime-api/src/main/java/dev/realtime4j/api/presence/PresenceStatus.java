package dev.realtime4j.api.presence;

/** How a user is present. */
public enum PresenceStatus {
  /** Connected. */
  ONLINE,
  /** Connected, and does not want to be disturbed. */
  BUSY,
  /** Not connected. Never stored: it is the absence of the user. */
  OFFLINE
}
