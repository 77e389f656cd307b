package dev.realtime4j.examples.demo;

import dev.realtime4j.examples.Closing;
import dev.realtime4j.jdbi.RealtimeSchema;
import dev.realtime4j.server.RealtimeServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;

/**
 * Everything but the page: PostgreSQL, Redis, two nodes, and the story they act in.
 *
 * <p>Thread safety: any thread. Lifecycle: what it starts is handed to the {@link Closing} it was
 * given.
 */
final class Stage {
  private final EmbeddedStores stores;
  private final DemoTokens tokens;
  private final List<DemoNode> nodes;
  private final Story story;

  private Stage(EmbeddedStores stores, DemoTokens tokens, List<DemoNode> nodes) {
    this.stores = stores;
    this.tokens = tokens;
    this.nodes = nodes;
    this.story = new Story(this::anyNode, stores.database(), InstantSource.system());
  }

  static Stage set(Closing closing) {
    EmbeddedStores stores = EmbeddedStores.start(closing);
    RealtimeSchema.named("realtime").migrate(stores.database());
    DemoTokens tokens = new DemoTokens(InstantSource.system());
    List<DemoNode> nodes =
        List.of(node("node-a", tokens, stores, closing), node("node-b", tokens, stores, closing));
    nodes.forEach(DemoNode::start);
    return new Stage(stores, tokens, nodes);
  }

  private static DemoNode node(
      String id, DemoTokens tokens, EmbeddedStores stores, Closing closing) {
    try {
      int port = EmbeddedStores.freePort(); // kept, so that the node comes back where it was
      return closing.later(new DemoNode(id, port, tokens.secret(), stores));
    } catch (IOException e) {
      throw new UncheckedIOException("no free port for " + id, e);
    }
  }

  /** Node B serves always; node A may be stopped. */
  private RealtimeServer anyNode() {
    return nodeA().isServing() ? nodeA().server() : nodeB().server();
  }

  DemoNode nodeA() {
    return nodes.get(0);
  }

  DemoNode nodeB() {
    return nodes.get(1);
  }

  List<DemoNode> nodes() {
    return nodes;
  }

  Story story() {
    return story;
  }

  EmbeddedStores stores() {
    return stores;
  }

  DemoTokens tokens() {
    return tokens;
  }
}
