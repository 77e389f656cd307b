package dev.realtime4j.server.redis;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.UnifiedJedis;

/**
 * Opens pipelines: the one call that our code makes and whose result has another type in Jedis 7
 * than before, so that no class file can name it for both.
 */
final class Pipelines {
  private static final MethodHandle OPEN = find();

  private Pipelines() {}

  /** A pipeline of this client; the caller closes it. */
  static AbstractPipeline open(UnifiedJedis jedis) {
    try {
      return (AbstractPipeline) OPEN.invokeExact(jedis);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("pipelined() throws nothing checked", e);
    }
  }

  private static MethodHandle find() {
    try {
      return find(AbstractPipeline.class);
    } catch (NoSuchMethodException beforeJedis7) {
      try {
        return find(Class.forName("redis.clients.jedis.PipelineBase"));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("this version of Jedis has no pipelines", e);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("this version of Jedis has no public pipelines", e);
    }
  }

  /** By its exact type: to look through all methods would load org.json, which may be missing. */
  private static MethodHandle find(Class<?> type)
      throws NoSuchMethodException, IllegalAccessException {
    return MethodHandles.publicLookup()
        .findVirtual(UnifiedJedis.class, "pipelined", MethodType.methodType(type))
        .asType(MethodType.methodType(AbstractPipeline.class, UnifiedJedis.class));
  }
}
