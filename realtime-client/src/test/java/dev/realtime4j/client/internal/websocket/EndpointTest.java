package dev.realtime4j.client.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime4j.api.InvalidValueException;
import dev.realtime4j.client.RealtimeClient;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "ws://my_service:8080/ws, my_service, 8080, my_service:8080",
    "wss://my_service/ws, my_service, 443, my_service",
    "ws://my_stack_my_service.my_net/ws?shard=1, my_stack_my_service.my_net, 80, my_stack_my_service.my_net",
    "ws://[::1]:8080/ws, ::1, 8080, [::1]:8080",
    "wss://[2001:db8::1]/ws, 2001:db8::1, 443, [2001:db8::1]",
    "ws://[fe80::1%25eth0]:81/, fe80::1%25eth0, 81, [fe80::1]:81",
    "ws://127.0.0.1:1/, 127.0.0.1, 1, 127.0.0.1:1",
    "ws://example.org:443/, example.org, 443, example.org:443",
    "wss://example.org:80/, example.org, 80, example.org:80",
    "wss://example.org:443, example.org, 443, example.org",
    "ws://example.org:/, example.org, 80, example.org",
    "WSS://Example.org/ws, Example.org, 443, Example.org",
    "wss://bücher.example/ws, xn--bcher-kva.example, 443, xn--bcher-kva.example",
  })
  void host_and_port_are_read_from_it(String uri, String host, int port, String header) {
    Endpoint endpoint = Endpoint.of(URI.create(uri));
    assertThat(endpoint.host()).isEqualTo(host.replace("%25", "%"));
    assertThat(endpoint.port()).isEqualTo(port);
    assertThat(endpoint.hostHeader()).isEqualTo(header);
    assertThat(endpoint.uri()).hasToString(uri.replace("WSS", "wss"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.org/ws, ws://",
    "example.org, ws://",
    "ws:example.org, ws://",
    "ws:///ws, ws://",
    "ws://anna:hush@example.org/ws, user info",
    "ws://anna:hush@my_service/ws, user info",
    "ws://example.org/ws#there, fragment",
    "ws://example.org:0/ws, port",
    "ws://example.org:65536/ws, port",
    "ws://my_service:99999999999/ws, port",
    "ws://my_service:port/ws, port",
    "ws://:8080/ws, host",
    "ws://my%20service/ws, host",
    "ws://my~service/ws, host",
  })
  void what_is_no_endpoint_is_refused_with_the_reason_and_not_quoted(String uri, String why) {
    assertThatThrownBy(() -> RealtimeClient.builder().endpoint(URI.create(uri)))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("hush");
  }
}
