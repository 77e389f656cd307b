package dev.realtime4j.client;

import java.util.Optional;

/** A cursor that lives as long as the process. */
final class InMemoryCursorStore implements CursorStore {
  private volatile Optional<String> saved = Optional.empty();

  @Override
  public Optional<String> load() {
    return saved;
  }

  @Override
  public void save(String text) {
    saved = Optional.of(text);
  }
}
