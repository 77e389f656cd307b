package dev.realtime4j.server.redis;

import dev.realtime4j.api.cluster.ClusterBackend;
import dev.realtime4j.contract.BanStoreContract;
import dev.realtime4j.contract.ClusterBusContract;
import dev.realtime4j.contract.PresenceStoreContract;
import dev.realtime4j.contract.RoomStoreContract;
import dev.realtime4j.contract.ServerRegistryContract;
import org.junit.jupiter.api.Nested;

/** All laws of a cluster, for any kind of Redis. */
abstract class RedisBackendLaws {
  /** The cluster under test, without a key in it. */
  abstract ClusterBackend emptied();

  @Nested
  class Presences extends PresenceStoreContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class Bus extends ClusterBusContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class Rooms extends RoomStoreContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class Servers extends ServerRegistryContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }

  @Nested
  class Bans extends BanStoreContract {
    @Override
    protected ClusterBackend emptyCluster() {
      return emptied();
    }
  }
}
