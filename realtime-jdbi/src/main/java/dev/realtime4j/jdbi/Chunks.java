package dev.realtime4j.jdbi;

/** Many rows, changed in bounded transactions. */
final class Chunks {
  /** Rows in one transaction. */
  static final int ROWS = 5_000;

  private Chunks() {}

  /**
   * Repeats a transaction until nothing is left to do.
   *
   * @param chunk changes at most {@link #ROWS} rows, and answers how many it did
   * @return how many in all
   */
  static int all(Database database, String what, Database.Work<Integer> chunk) {
    int total = 0;
    while (true) {
      int rows = database.transaction(what, chunk);
      total += rows;
      if (rows < ROWS) {
        return total;
      }
    }
  }
}
