package dev.realtime4j.server.http;

import dev.realtime4j.api.Json;
import dev.realtime4j.api.Page;

/** A page of a list, as every listing call answers it. */
final class Pages {
  private Pages() {}

  static HttpResponse answer(Page<Json> page) {
    return HttpResponse.json(
        200, Json.object("data", page.items(), "next_cursor", page.nextCursor()));
  }
}
