package dev.realtime4j.api.presence;

/**
 * The status that a user chose, and when, compared with their other choices.
 *
 * @param status {@code ONLINE} or {@code BUSY}
 * @param version grows with every choice of the same user: of two, the greater is the later one; 0
 *     when they made none
 */
public record StatusOverride(PresenceStatus status, long version) {
  /** No choice made: present as everybody is. */
  public static final StatusOverride NONE = new StatusOverride(PresenceStatus.ONLINE, 0);

  /** The later of the two. */
  public StatusOverride or(StatusOverride other) {
    return other.version > version ? other : this;
  }
}
