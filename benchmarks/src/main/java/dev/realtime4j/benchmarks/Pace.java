package dev.realtime4j.benchmarks;

/** When the next message is published. */
interface Pace extends Arrivals {
  /** How many more messages are due now, of which so many were published before. */
  long due(long published);

  /** How long nothing will be due unless something arrives, in milliseconds; 0 for not long. */
  long patienceMillis(long published);

  /** From this message on it is measured. */
  void measureFrom(long message);
}
