package dev.realtime4j.examples.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import dev.realtime4j.fixtures.Chromium;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Presses every button of the page, and reads what it counted. */
@Tag("chromium")
class DemoPageTest {
  private static Chromium chromium;

  private final List<String> complaints = new ArrayList<>();
  private Page page;

  @BeforeAll
  static void launch() {
    chromium = new Chromium();
  }

  @AfterAll
  static void quit() {
    chromium.close();
  }

  @BeforeEach
  void open() {
    page = chromium.browser().newPage(new Browser.NewPageOptions().setViewportSize(1440, 900));
    page.onPageError(complaints::add);
    page.navigate(SharedStage.ADDRESS);
    page.waitForSelector("body[data-ready]");
  }

  @AfterEach
  void leave() {
    page.close();
    assertThat(complaints).isEmpty();
  }

  /** Presses a button, waits until its step is done, and answers what it says. */
  private String press(String step, String button) {
    Locator result = page.locator("#step-" + step + " .result");
    int runs = Integer.parseInt(result.getAttribute("data-runs")) + 1;
    page.locator("#step-" + step + " .buttons button").getByText(button).click();
    page.waitForSelector(
        "#step-" + step + " .result[data-runs='" + runs + "']",
        new Page.WaitForSelectorOptions().setTimeout(60_000));
    assertThat(result.getAttribute("class") + ": " + result.textContent())
        .startsWith("result done");
    return result.textContent();
  }

  private void counted(int sent, int stored, int delivered, int duplicates) {
    assertThat(page.locator(".counters dd"))
        .hasText(
            new String[] {
              String.valueOf(sent),
              String.valueOf(stored),
              String.valueOf(delivered),
              String.valueOf(duplicates)
            },
            new HasTextOptions().setTimeout(5_000));
  }

  private int badge(String person, String device) {
    return Integer.parseInt(
        page.locator("#" + person + " ." + device + " .badge").getAttribute("data-count"));
  }

  private Locator titles(String person) {
    return page.locator("#" + person + " .laptop .notification b");
  }

  private Locator node(String person, String device) {
    return page.locator("#" + person + " ." + device + " .connection");
  }

  @Test
  void it_opens_with_two_users_on_two_nodes_who_see_each_other() {
    assertThat(node("anna", "laptop")).hasText("node-a");
    assertThat(node("anna", "phone")).hasText("node-b");
    assertThat(node("ben", "laptop")).hasText("node-b");
    assertThat(page.locator("#anna .laptop .dot[data-user=Ben]"))
        .hasAttribute("data-status", "ONLINE");
    assertThat(page.locator("#ben .laptop .dot[data-user=Anna]"))
        .hasAttribute("data-status", "ONLINE");
    assertThat(page.locator("#ben .members")).containsText("Anna");
    counted(0, 0, 0, 0);
  }

  @Test
  void under_every_button_stand_the_lines_of_java_that_run() {
    assertThat(page.locator("#step-notify .java").textContent())
        .isEqualTo(Snippets.all().get("notify"));
    assertThat(page.locator(".step .java")).hasCount(Snippets.all().size());
  }

  @Test
  void notify_the_other_reaches_both_of_his_devices() {
    int before = badge("ben", "laptop");

    assertThat(press("notify", "Anna → Ben")).contains("on laptop and phone after");

    assertThat(titles("ben").first()).hasText("Anna waves");
    assertThat(badge("ben", "laptop")).isEqualTo(before + 1);
    assertThat(badge("ben", "phone")).isEqualTo(before + 1);
    counted(1, 1, 1, 0);
  }

  @Test
  void who_was_away_finds_exactly_three_in_order() {
    assertThat(press("away", "Anna leaves")).isEqualTo("badge 3 and 3, in order");

    assertThat(page.locator("#anna .laptop .notification.unread b"))
        .hasText(
            new String[] {
              "While you were away, 3 of 3",
              "While you were away, 2 of 3",
              "While you were away, 1 of 3"
            });
    counted(3, 3, 3, 0);
  }

  @Test
  void what_is_rolled_back_never_was() {
    assertThat(press("roll-back", "Anna → Ben")).isEqualTo("0 rows stored, 0 received");

    counted(0, 0, 0, 0);
  }

  @Test
  void read_in_one_tab_and_the_other_tab_follows() {
    press("notify", "Ben → Anna");
    int before = badge("anna", "phone");

    assertThat(press("read", "Anna reads"))
        .isEqualTo("read on the laptop; the phone went from " + before + " to " + (before - 1));

    assertThat(badge("anna", "laptop")).isEqualTo(before - 1);
    assertThat(badge("anna", "phone")).isEqualTo(before - 1);
  }

  @Test
  void a_click_on_a_notification_reads_it_everywhere() {
    press("notify", "Ben → Anna");
    int before = badge("anna", "phone");

    page.locator("#anna .laptop .mark").first().click();

    assertThat(page.locator("#anna .phone .badge"))
        .hasAttribute("data-count", String.valueOf(before - 1));
    assertThat(page.locator("#anna .phone .notification").first())
        .not()
        .hasClass(java.util.regex.Pattern.compile("unread"));
  }

  @Test
  void busy_is_seen_on_the_other_side_and_taken_back() {
    assertThat(press("busy", "Ben is BUSY")).startsWith("Anna sees BUSY");
    assertThat(page.locator("#anna .laptop .dot[data-user=Ben]"))
        .hasAttribute("data-status", "BUSY");

    assertThat(press("busy", "Ben is BUSY")).startsWith("Anna sees ONLINE");
  }

  @Test
  void a_reload_does_not_flicker() {
    assertThat(press("reload", "Anna reloads"))
        .isEqualTo("back on node-a; Ben saw 0 changes of the dot");
  }

  @Test
  void when_node_a_stops_its_users_move_and_miss_nothing() {
    assertThat(press("node", "Stop node A"))
        .isEqualTo("2 devices moved to node-b; what was sent meanwhile is on 2 of 2");
    assertThat(node("anna", "laptop")).hasText("node-b");
    assertThat(page.locator("#nodes [data-node=node-a]")).hasAttribute("data-state", "stopped");
    counted(1, 1, 1, 0);

    assertThat(press("node", "Start node A")).isEqualTo("2 devices are back on node-a");
    assertThat(node("anna", "laptop")).hasText("node-a");
    press("notify", "Ben → Anna");
    counted(2, 2, 2, 0);
  }

  @Test
  void the_room_hears_its_members_and_its_host() {
    page.fill("#anna .say input", "Shall we?");
    page.press("#anna .say input", "Enter");
    assertThat(page.locator("#ben .chat")).containsText("Anna Shall we?");
    assertThat(page.locator("#anna .chat li")).hasCount(1);

    assertThat(press("room", "Announce")).isEqualTo("heard by both members");
    assertThat(page.locator("#ben .chat")).containsText("Host Hello, both of you.");
  }

  @Test
  void the_log_shows_every_frame_with_node_and_milliseconds() {
    press("notify", "Anna → Ben");

    // Not those of the lists that were read at the start: they hold what earlier tests have sent.
    Locator frame =
        page.locator(".frame", new Page.LocatorOptions().setHasText("Anna waves"))
            .filter(new Locator.FilterOptions().setHasText("notification.new"));
    assertThat(frame).hasCount(2);
    assertThat(frame.first().locator(".ms").textContent()).matches("\\d+ ms");
    assertThat(frame.locator(".node").allTextContents())
        .containsExactlyInAnyOrder("node-a", "node-b");
    assertThat(page.locator("#frames")).not().containsText("token=");
  }
}
