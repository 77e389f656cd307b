package dev.realtime4j.server.redis;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;
import dev.realtime4j.server.internal.environment.ServerEnvironment;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.PipeliningBase;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * How the stores speak to Redis: scripts by their digest, many calls in one pipeline, and an outage
 * as {@code UNAVAILABLE}. A key of a wrong type is no outage: it is removed and the command run
 * again, and in a pipeline the other commands do theirs. Thread safety: as the client's, any
 * thread.
 */
final class RedisCommands {
  /** How many calls go out before the answers are awaited. */
  private static final int PIPELINE = 500;

  /**
   * A call of a script; all keys are in one slot.
   *
   * @param afterDamage run before the second try, when a key was of a wrong type and is removed
   */
  record Call(LuaScript script, List<String> keys, List<String> arguments, Runnable afterDamage) {
    Call(LuaScript script, List<String> keys, List<String> arguments) {
      this(script, keys, arguments, () -> {});
    }

    private List<StoredKey> stored() {
      List<String> types = script.types();
      return IntStream.range(0, types.isEmpty() ? 0 : keys.size())
          .mapToObj(i -> new StoredKey(keys.get(i), types.get(Math.min(i, types.size() - 1))))
          .toList();
    }
  }

  private final UnifiedJedis jedis;
  private final Runnable onStale;
  private final RandomGenerator random;
  private final DamagedKeys damaged;

  /**
   * @param onStale run when a connection turns out to be dead, to forget others like it
   */
  RedisCommands(UnifiedJedis jedis, Runnable onStale, ServerEnvironment environment) {
    this.jedis = jedis;
    this.onStale = onStale;
    this.random = environment.random();
    this.damaged = new DamagedKeys(environment.nanoTime());
  }

  /** Chance. */
  RandomGenerator random() {
    return random;
  }

  /** For what is found inside of keys. */
  DamagedKeys damaged() {
    return damaged;
  }

  /** Runs one command that takes keys of any type. */
  <T> T run(Function<UnifiedJedis, T> command) {
    try {
      return connected(command);
    } catch (JedisDataException refused) {
      throw away(refused);
    }
  }

  /** Runs one command. */
  <T> T run(StoredKey key, Function<UnifiedJedis, T> command) {
    return run(key, command, () -> {});
  }

  /**
   * Runs one command.
   *
   * @param afterDamage run before the second try, when the key was of a wrong type and is removed
   */
  <T> T run(StoredKey key, Function<UnifiedJedis, T> command, Runnable afterDamage) {
    return mending(List.of(key), command, afterDamage);
  }

  /** Runs one script. */
  Object run(Call call) {
    return mending(call.stored(), client -> evaluate(client, call), call.afterDamage());
  }

  /** Runs many scripts, pipelined; the answers are in the same order. */
  List<Object> runAll(List<Call> calls) {
    return runAll(
        calls,
        (pipeline, call) -> pipeline.evalsha(call.script().sha(), call.keys(), call.arguments()),
        this::run);
  }

  /**
   * Runs a command for each input, pipelined; the answers are in the same order.
   *
   * @param one {@link #run}s the same command by itself, for what a pipeline cannot do: load a
   *     script, follow a slot that has moved, go on after a key of a wrong type
   * @throws RealtimeException {@code UNAVAILABLE} when a part of Redis is unavailable; other parts
   *     may have done theirs. {@code INTERNAL} when a key was damaged again at once; the others
   *     have done theirs
   */
  <I, O> List<O> runAll(
      List<I> inputs, BiFunction<PipeliningBase, I, Response<O>> piped, Function<I, O> one) {
    List<O> answers = new ArrayList<>(inputs.size());
    RealtimeException failed = null;
    for (int from = 0; from < inputs.size(); from += PIPELINE) {
      List<I> batch = inputs.subList(from, Math.min(from + PIPELINE, inputs.size()));
      List<Response<O>> responses = run(client -> pipelined(client, batch, piped));
      for (int i = 0; i < batch.size(); i++) {
        I input = batch.get(i);
        try {
          answers.add(responses.get(i).get());
        } catch (JedisDataException | IllegalStateException refusedOrUnanswered) {
          try {
            answers.add(one.apply(input));
          } catch (RealtimeException e) {
            failed = worse(failed, e);
          }
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
    return answers;
  }

  /** An outage ends what is under way, damage does not. */
  private static RealtimeException worse(
      @Nullable RealtimeException before, RealtimeException now) {
    if (now.code() == ErrorCode.UNAVAILABLE) {
      throw now;
    }
    return before == null ? now : before;
  }

  private <T> T mending(
      List<StoredKey> keys, Function<UnifiedJedis, T> command, Runnable afterDamage) {
    try {
      return connected(command);
    } catch (JedisDataException refused) {
      requireDamage(refused);
    }
    run(
        client -> {
          damaged.remove(client, keys);
          return keys;
        });
    afterDamage.run();
    try {
      return connected(command);
    } catch (JedisDataException refused) {
      requireDamage(refused);
      throw new RealtimeException(
          ErrorCode.INTERNAL,
          "a key in Redis holds what no node wrote, again at once; see the server's log",
          refused);
    }
  }

  private static void requireDamage(JedisDataException refused) {
    if (!DamagedKeys.isFoundBy(refused)) {
      throw away(refused);
    }
  }

  /**
   * Runs a command, again if its connection turns out to be one of before an outage.
   *
   * @throws JedisDataException when Redis refused the command
   */
  private <T> T connected(Function<UnifiedJedis, T> command) {
    try {
      try {
        return command.apply(jedis);
      } catch (JedisConnectionException e) {
        if (e.getCause() instanceof SocketTimeoutException) {
          throw e;
        }
        onStale.run();
        return command.apply(jedis);
      }
    } catch (JedisDataException refused) {
      throw refused;
    } catch (JedisException e) {
      throw away(e);
    }
  }

  private static <I, O> List<Response<O>> pipelined(
      UnifiedJedis jedis, List<I> batch, BiFunction<PipeliningBase, I, Response<O>> piped) {
    List<Response<O>> responses = new ArrayList<>(batch.size());
    try (AbstractPipeline pipeline = Pipelines.open(jedis)) {
      batch.forEach(input -> responses.add(piped.apply(pipeline, input)));
      pipeline.sync();
    }
    return responses;
  }

  private static Object evaluate(UnifiedJedis jedis, Call call) {
    try {
      return jedis.evalsha(call.script().sha(), call.keys(), call.arguments());
    } catch (JedisNoScriptException notLoaded) {
      return jedis.eval(call.script().text(), call.keys(), call.arguments());
    }
  }

  private static RealtimeException away(JedisException e) {
    return RealtimeException.unavailable(
        "Redis did not answer as expected; presence and rooms of other nodes are unknown until it"
            + " does",
        e);
  }
}
