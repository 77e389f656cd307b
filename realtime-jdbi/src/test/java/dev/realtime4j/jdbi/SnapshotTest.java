package dev.realtime4j.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.InvalidValueException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
  private static final int CHARS = 140;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1:1:",
        "750:750:",
        "750:751:",
        "750:760:750",
        "750:760:750,753,759",
        "4611686018427387904:4611686018427387999:4611686018427387904,4611686018427387990"
      })
  void what_is_written_is_read_again(String postgres) {
    Snapshot snapshot = Snapshot.ofPostgres(postgres);
    assertThat(snapshot.toPostgres()).isEqualTo(postgres);
    assertThat(Snapshot.decode(snapshot.encode(CHARS))).contains(snapshot);
  }

  @Test
  void forty_transactions_that_are_open_side_by_side_fit() {
    Snapshot snapshot =
        new Snapshot(
            1_000_000,
            1_000_400,
            LongStream.range(0, 40).map(i -> 1_000_000 + i * 3).boxed().toList());
    assertThat(Snapshot.decode(snapshot.encode(CHARS))).contains(snapshot);
  }

  @Test
  void a_list_that_does_not_fit_ends_the_snapshot_before_what_is_left_out() {
    List<Long> open = LongStream.range(0, 500).map(i -> 1_000_000 + i * 1_000).boxed().toList();
    Snapshot whole = new Snapshot(1_000_000, 2_000_000, open);

    String text = whole.encode(CHARS);
    Snapshot kept = Snapshot.decode(text).orElseThrow();

    assertThat(text).hasSizeLessThanOrEqualTo(CHARS);
    assertThat(kept.xmin()).isEqualTo(whole.xmin());
    assertThat(kept.open()).isNotEmpty().isEqualTo(open.subList(0, kept.open().size()));
    assertThat(kept.xmax()).isEqualTo(open.get(kept.open().size()));
    assertThat(kept.precedes(whole)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "~",
        "1",
        "1~",
        "~1",
        "1~1~1",
        "0~0",
        "1~0-0",
        "1~2-0-0",
        "1~2-3",
        "+1~1",
        "1~+1",
        "zzzzzzzzzzzzz~0",
        "zzzzzzzzzzzz~zzzzzzzzzzzz",
        "1~5-",
        "1~5--1"
      })
  void anything_else_is_not_a_snapshot(String text) {
    assertThat(Snapshot.decode(text)).isEmpty();
  }

  @Test
  void a_snapshot_that_contradicts_itself_cannot_be_made() {
    assertThatThrownBy(() -> new Snapshot(5, 4, List.of()))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> new Snapshot(5, 9, List.of(4L)))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> new Snapshot(5, 9, List.of(9L)))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> new Snapshot(5, 9, List.of(7L, 7L)))
        .isInstanceOf(InvalidValueException.class);
  }
}
