package dev.realtime4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static void assertRefused(Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            InvalidValueException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n",
        "{",
        "}",
        "[",
        "]",
        "{]",
        "[}",
        "{}{}",
        "{} {}",
        "1 2",
        "[1,]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "nul",
        "nulll",
        "True",
        "NaN",
        "Infinity",
        "-",
        "+1",
        "01",
        "1.",
        ".5",
        "1e",
        "0x10",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"\u0000\"",
        "// x\n1",
        "/* x */1",
        "\uFEFF{}",
        "{}\u0000",
        "[1 2]",
        "{\"a\" 1}",
        "undefined",
        "\u00a0{}"
      })
  void what_is_not_json_is_refused(String text) {
    assertRefused(() -> Json.parse(text));
  }

  @Test
  void the_refusal_never_quotes_the_text() {
    assertThatThrownBy(() -> Json.parse("{\"password\":secret}"))
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("password")
        .hasMessageContaining("column");
  }

  @Test
  void numbers_at_the_ends_of_values_are_cut_exactly() {
    Map<String, Json> fields =
        Json.parse("{\"a\":1,\"b\":2, \"c\" : -3.5e+7 , \"d\":[1,22,333],\"e\":0}").fields();
    assertThat(fields.toString()).isEqualTo("{a=1, b=2, c=-3.5e+7, d=[1,22,333], e=0}");
    assertThat(fields.get("d")).isNotNull();
    assertThat(Json.parse("[1,22 ,333\t]").elements())
        .extracting(Json::text)
        .containsExactly("1", "22", "333");
    assertThat(Json.parse("[true,false,null,\"\",{},[]]").elements())
        .extracting(Json::text)
        .containsExactly("true", "false", "null", "\"\"", "{}", "[]");
    assertThat(Json.parse("7").asLong()).isEqualTo(7);
  }

  @Test
  void of_a_name_that_stands_twice_the_last_one_counts() {
    assertThat(Json.parse("{\"a\":1,\"b\":2,\"a\":{\"x\":3}}").fields())
        .containsEntry("a", Json.parse("{\"x\":3}"))
        .hasSize(2);
  }

  @Test
  void names_and_strings_are_unescaped() {
    Json json = Json.parse("{\"\\u0061\\n\\\"\":\"\\ud83d\\ude00 \\/ \\\\ \u20ac\"}");
    assertThat(json.fields().keySet()).containsExactly("a\n\"");
    assertThat(json.fields().values()).extracting(Json::asString).containsExactly("😀 / \\ €");
  }

  @ParameterizedTest
  @ValueSource(ints = {3_999, 4_000, 8_000, 32_767, 32_768, 32_769, 40_000, 100_000, 1_000_000})
  void long_strings_are_cut_exactly(int length) {
    String value = "ab😀€".repeat(length / 5);
    Json json = Json.object("before", 1, "long", value, "after", List.of(value, 2), "end", 3);
    Json again = Json.parse(json.text());
    Map<String, Json> fields = again.fields();
    assertThat(fields.keySet()).containsExactly("before", "long", "after", "end");
    assertThat(fields.values())
        .extracting(Json::text)
        .startsWith("1", Json.of(value).text())
        .endsWith("3");
    assertThat(Json.of(value).asString()).isEqualTo(value);
    assertThat(Json.parse(fields.values().stream().toList().get(2).text()).elements())
        .extracting(Json::text)
        .containsExactly(Json.of(value).text(), "2");
  }

  @Test
  void raw_line_ends_between_tokens_go_and_nothing_else_changes() {
    Json json = Json.parse("\r\n{\n\"a\"\r:\n1.10,\n\"big\": 1e400,\n\"b\":\"x\\ny\"\n}\n");
    assertThat(json.text()).doesNotContain("\n", "\r");
    assertThat(json.fields().toString()).isEqualTo("{a=1.10, big=1e400, b=\"x\\ny\"}");
  }

  @Test
  void nesting_is_bounded_and_a_hostile_depth_is_refused_without_an_overflow() {
    assertThat(Json.parse(nested(Json.MAX_DEPTH)).depth()).isEqualTo(Json.MAX_DEPTH);
    assertRefused(() -> Json.parse(nested(Json.MAX_DEPTH + 1)));
    assertRefused(() -> Json.parse("[".repeat(1_000_000)));
    assertRefused(() -> Json.parse("{\"a\":".repeat(200_000)));
    assertRefused(() -> Json.parseEnvelope(nested(Json.MAX_DEPTH + 5)));
    List<Object> list = new ArrayList<>();
    list.add(list);
    assertRefused(() -> Json.of(list));
  }

  @Test
  void brackets_in_strings_are_no_depth() {
    assertThat(Json.parse("{\"[[\":\"\\\"[{\",\"b\":[1]}").depth()).isEqualTo(2);
    assertThat(Json.parse("1").depth()).isZero();
  }

  @Test
  void half_of_a_surrogate_pair_is_held_as_an_escape_that_utf_8_can_carry() {
    for (String half : new String[] {"a\ud800b", "\udc00", "\ud83d", "\ude00\ud83d", "😀\ud83d"}) {
      Json written = Json.of(half);
      Json read = Json.parse('"' + half + '"');
      assertThat(written).isEqualTo(read);
      assertThat(written.asString()).isEqualTo(half);
      assertThat(
              new String(written.text().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
          .isEqualTo(written.text());
    }
    assertThat(Json.of("😀").text()).isEqualTo("\"😀\"");
  }

  @Test
  void half_of_a_surrogate_pair_in_a_name_is_refused() {
    assertRefused(() -> Json.of(Map.of("a\ud800", 1)));
    assertRefused(() -> Json.parse("{\"a\ud800\":1}"));
    assertRefused(() -> Json.parse("[{\"a\\uD800\":1}]"));
    assertThat(Json.parse("{\"\\ud83d\\ude00\":\"\\ud800\"}").isObject()).isTrue();
  }

  @Test
  void numbers_that_could_not_be_read_again_are_refused() {
    assertRefused(() -> Json.of(BigInteger.TEN.pow(100)));
    assertThat(Json.parse(Json.of(BigInteger.TEN.pow(99)).text()).text()).hasSize(100);
    assertThat(Json.of(new BigDecimal("1E+400")).text()).isEqualTo("1E+400");
    assertRefused(
        () ->
            Json.of(
                new AtomicInteger() {
                  private static final long serialVersionUID = 1L;

                  @Override
                  public String toString() {
                    return "1/2";
                  }
                }));
  }

  @Test
  void java_values_become_json_and_back() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", "\u0000\u001f\"\\\u2028\u2029</script>");
    map.put("list", Arrays.asList(1, 2.5, true, "x", Json.EMPTY));
    map.put("long", Long.MIN_VALUE);
    Json json = Json.of(map);
    assertThat(Json.parse(json.text())).isEqualTo(json).hasSameHashCodeAs(json);
    assertThat(json.fields().values())
        .element(0)
        .extracting(Json::asString)
        .isEqualTo("\u0000\u001f\"\\\u2028\u2029</script>");
    assertThat(json.fields().values())
        .element(2)
        .extracting(Json::asLong)
        .isEqualTo(Long.MIN_VALUE);
    assertRefused(() -> Json.of(Double.NaN));
    assertRefused(() -> Json.of(Float.NEGATIVE_INFINITY));
  }

  @Test
  void a_value_of_another_kind_is_refused() {
    assertRefused(() -> Json.parse("[]").fields());
    assertRefused(() -> Json.parse("{}").elements());
    assertRefused(() -> Json.parse("1").asString());
    assertRefused(() -> Json.parse("null").asString());
    assertRefused(() -> Json.parse("\"true\"").asBoolean());
    assertThat(Json.parse(" true ").asBoolean()).isTrue();
    for (String number : List.of("1.0", "1e3", "9223372036854775808", "\"1\"", "null", "[1]")) {
      assertRefused(() -> Json.parse(number).asLong());
    }
    assertRefused(() -> Json.parse("1".repeat(101)));
  }

  @Test
  void no_text_whatsoever_ends_in_anything_but_a_value_or_a_refusal() {
    Random random = new Random(42);
    String alphabet = "{}[]\",:\\ud83d0123456789.eE+-truefalsn \n\t\u0000\ud800€";
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(14);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        Json json = Json.parse(text.toString());
        assertThat(Json.parse(json.text())).isEqualTo(json);
        if (json.isObject()) {
          json.fields();
        } else if (json.isArray()) {
          json.elements();
        } else if (json.isString()) {
          json.asString();
        }
      } catch (InvalidValueException refused) {
        assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
      }
    }
  }

  @Test
  void an_object_of_a_name_without_a_value_names_the_remedy() {
    assertThatThrownBy(() -> Json.object("home", 1, "away"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Json.object needs a value behind each name, as in Json.object(\"home\", 1, \"away\","
                + " 0); the last of these 3 has none");
    assertThatThrownBy(() -> Json.object("home", 1, 2, "away"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("number 3 is none");
    assertThat(Json.object()).isEqualTo(Json.EMPTY);
  }
}
