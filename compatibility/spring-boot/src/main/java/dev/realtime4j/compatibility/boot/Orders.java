package dev.realtime4j.compatibility.boot;

import dev.realtime4j.api.UserId;
import dev.realtime4j.api.notification.NewNotification;
import dev.realtime4j.server.RealtimeServer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Rows of the application and notifications in one transaction. */
@Service
class Orders {
  private final DataSource dataSource;
  private final JdbcTemplate jdbc;
  private final RealtimeServer realtime;

  Orders(DataSource dataSource, JdbcTemplate jdbc, RealtimeServer realtime) {
    this.dataSource = dataSource;
    this.jdbc = jdbc;
    this.realtime = realtime;
  }

  @Transactional
  public void ship(UserId user, String title) {
    jdbc.update("INSERT INTO shop_order (title) VALUES (?)", title);
    realtime
        .notifications()
        .send(new SpringTransaction(dataSource), NewNotification.to(user).title(title).build());
  }

  @Transactional
  public void shipAndFail(UserId user, String title) {
    ship(user, title);
    throw new IllegalStateException("out of stock");
  }

  int count() {
    Integer count = jdbc.queryForObject("SELECT count(*) FROM shop_order", Integer.class);
    return count == null ? 0 : count;
  }
}
