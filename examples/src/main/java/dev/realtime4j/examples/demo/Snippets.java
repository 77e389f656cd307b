package dev.realtime4j.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of Java that the page shows: cut out of the demo's own source, between {@code //
 * [name]} and {@code // [/name]}, so that they are always the ones that run.
 */
final class Snippets {
  private static final List<String> SOURCES = List.of("Story.java", "DemoNode.java");
  private static final Pattern MARKED =
      Pattern.compile("(?ms)^ *// \\[([a-z-]+)]\\R(.*?)^ *// \\[/\\1]$");

  private Snippets() {}

  /** All of them, by name. */
  static Map<String, String> all() {
    Map<String, String> snippets = new LinkedHashMap<>();
    for (String source : SOURCES) {
      snippets.putAll(of(text(source)));
    }
    return snippets;
  }

  /** The marked parts of a source, without its indentation. */
  static Map<String, String> of(String source) {
    Map<String, String> snippets = new LinkedHashMap<>();
    Matcher matcher = MARKED.matcher(source.replace("\r\n", "\n"));
    while (matcher.find()) {
      snippets.put(matcher.group(1), matcher.group(2).stripTrailing().stripIndent());
    }
    return snippets;
  }

  private static String text(String source) {
    try (InputStream in = Snippets.class.getResourceAsStream("/demo-source/" + source)) {
      if (in == null) {
        throw new IllegalStateException("demo-source/" + source + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
