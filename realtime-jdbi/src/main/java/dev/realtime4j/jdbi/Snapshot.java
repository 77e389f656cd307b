package dev.realtime4j.jdbi;

import dev.realtime4j.api.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which transactions had ended, as PostgreSQL's {@code pg_snapshot} says it: all below {@code
 * xmin}, and those below {@code xmax} that are not in the list.
 *
 * @param xmin the oldest transaction that was open; at least 1
 * @param xmax above the newest transaction that had ended; at least {@code xmin}
 * @param open those from {@code xmin} to below {@code xmax} that were open, ascending
 */
record Snapshot(long xmin, long xmax, List<Long> open) {
  /** Sees nothing. */
  static final Snapshot NOTHING = new Snapshot(1, 1, List.of());

  private static final int RADIX = 36;

  /** Up to here a number in this radix fits into a {@code long}. */
  private static final int MAX_DIGITS = 12;

  Snapshot {
    open = List.copyOf(open);
    long previous = xmin - 1;
    for (long number : open) {
      if (number <= previous) {
        throw new InvalidValueException("the transactions of a snapshot must ascend");
      }
      previous = number;
    }
    if (xmin < 1 || xmax < xmin || previous >= xmax) {
      throw new InvalidValueException("a snapshot must have 1 <= xmin <= open < xmax");
    }
  }

  /** Reads the text form of {@code pg_snapshot}: {@code xmin:xmax:open,open}. */
  static Snapshot ofPostgres(String text) {
    String[] parts = text.split(":", -1);
    List<Long> open = new ArrayList<>();
    for (String number : parts[2].isEmpty() ? new String[0] : parts[2].split(",")) {
      open.add(Long.parseLong(number));
    }
    return new Snapshot(Long.parseLong(parts[0]), Long.parseLong(parts[1]), open);
  }

  /** The text form of {@code pg_snapshot}. */
  String toPostgres() {
    return xmin
        + ":"
        + xmax
        + ":"
        + open.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /**
   * A short form of {@code a-z 0-9 ~ -}. Where the list does not fit, the snapshot ends before the
   * first transaction that is left out: it sees less than it could, and nothing that it should not.
   *
   * @param maxChars at least 30
   */
  String encode(int maxChars) {
    StringBuilder list = new StringBuilder();
    String head = Long.toString(xmin, RADIX) + "~";
    long previous = xmin;
    for (long number : open) {
      String item = "-" + Long.toString(number - previous, RADIX);
      if (head.length() + MAX_DIGITS + list.length() + item.length() > maxChars) {
        return head + Long.toString(number - xmin, RADIX) + list;
      }
      list.append(item);
      previous = number;
    }
    return head + Long.toString(xmax - xmin, RADIX) + list;
  }

  /** Reads what {@link #encode} wrote; empty for anything else. */
  static Optional<Snapshot> decode(String text) {
    String[] parts = text.split("-", -1);
    String[] ends = parts[0].split("~", -1);
    if (ends.length != 2) {
      return Optional.empty();
    }
    try {
      long xmin = number(ends[0]);
      List<Long> open = new ArrayList<>();
      long previous = xmin;
      for (int i = 1; i < parts.length; i++) {
        previous = Math.addExact(previous, number(parts[i]));
        open.add(previous);
      }
      return Optional.of(new Snapshot(xmin, Math.addExact(xmin, number(ends[1])), open));
    } catch (NumberFormatException | ArithmeticException | InvalidValueException unreadable) {
      return Optional.empty();
    }
  }

  private static long number(String text) {
    if (text.length() > MAX_DIGITS || text.startsWith("+") || text.startsWith("-")) {
      throw new NumberFormatException("not a number of ours");
    }
    return Long.parseLong(text, RADIX);
  }

  /** Whether this can have been taken before {@code later}, of the same database. */
  boolean precedes(Snapshot later) {
    return xmin <= later.xmin && xmax <= later.xmax;
  }
}
