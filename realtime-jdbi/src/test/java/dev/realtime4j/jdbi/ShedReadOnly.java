package dev.realtime4j.jdbi;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

// What docs/operations.md shows between its imports and its end; a test compares the two.
// docs:begin
/** Lets HikariCP close a connection on which a write was refused: its server was demoted. */
public final class ShedReadOnly implements SQLExceptionOverride {
  @java.lang.Override // the interface has an Override of its own
  public Override adjudicate(SQLException failure) {
    return "25006".equals(failure.getSQLState()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
  }
}
// docs:end
