/**
 * realtime.js: the browser's side of realtime4j (protocol realtime.v1). No dependencies; copy it.
 *
 *   import { Realtime } from './realtime.js';
 *
 *   const realtime = new Realtime({ url: 'wss://example.org/ws', token: () => fetchToken() });
 *   realtime.on('notification.new', (notification) => show(notification));   // once each, in order
 *   realtime.on('unread', ({ count }) => { badge.textContent = count; });    // always absolute
 *   realtime.on('notification.resync', () => reloadTheList());               // was away for too long
 *   realtime.on('chat.message', (data, room) => print(room, data));          // what the host publishes
 *   realtime.join('match:42');                 // wanted from now on: made again after a reconnect
 *   realtime.watch([benId]);                   // 'presence.changed' follows
 *   await realtime.connect();
 *   const { members } = await realtime.call('room.members', { room: 'match:42' });
 *   realtime.close();
 *
 * Options
 *   url      a URL, a list of them (the next one is tried after a failure), or a function giving either
 *   token    a token, or a function (it may be async) that is asked before every attempt
 *   tokenIn  'query' (default) or 'protocol', which keeps the token out of URLs
 *   cursor   where an earlier client was (its `cursor`): what was missed since then comes first
 *   callTimeout  milliseconds until an unanswered call fails (10000)
 *
 * Events besides those of the protocol, handed over as (data, room)
 *   state    'connecting' | 'connected' | 'waiting' | 'closed', and why: { state, node, code, retryIn }
 *   unread   { count, capped } whenever it changes
 *   joined   { room, members } after every join, also one made again
 *   repeat   a notification that arrived before and was dropped
 *   frame    { direction: 'in' | 'out', text } of every message, for debugging
 */

/** What to do after a close; every other code means: the network, come back. */
const AFTER = {
  1000: 'stay', 1009: 'stay', 4400: 'stay', 4403: 'stay', 4409: 'stay',
  1012: 'announced', 4401: 'new token', 4429: 'pause',
};
const REMEMBERED_IDS = 4096; // far more than a sync repeats (200); the oldest are forgotten first
const LONGEST_TIMER = 2 ** 31 - 1;

export class RealtimeError extends Error {
  constructor(code, message, retryAfter = null) {
    super(message);
    this.code = code; // RT_…
    this.retryAfter = retryAfter; // milliseconds, or null
  }
}

export class Realtime {
  state = 'closed';
  /** How far this client has everything; keep it to resume with `cursor` later. */
  cursor;
  userId = null;
  node = null;

  #options; #socket = null; #listeners = new Map();
  #calls = new Map(); #lastCall = 0;
  #rooms = new Set(); #watched = new Set(); #status = null;
  #seen = new Set(); #acks = []; #missed = 0; #cursorAfterMissed = null; #unread = { count: 0, capped: false };
  #failures = 0; #urlIndex = 0; #attempt = 0; #comeBackIn = 0;
  #timers = {}; #silence = 35000;
  #connecting = null; #settleConnect = null;

  constructor(options) {
    this.#options = { tokenIn: 'query', callTimeout: 10000, ...options };
    this.cursor = options.cursor ?? null;
    globalThis.addEventListener?.('online', () => this.state === 'waiting' && this.#open());
  }

  /** Calls `listener(data, room)` for every event of that name; returns what ends it. */
  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
    return () => this.#listeners.get(event).delete(listener);
  }

  /** Connects and stays connected; resolves at the first `connected`, rejects when it is refused for good. */
  connect() {
    if (this.state === 'connected') return Promise.resolve();
    if (!this.#connecting) {
      this.#connecting = new Promise((resolve, reject) => { this.#settleConnect = { resolve, reject }; });
      this.#connecting.catch(() => {}); // whoever does not wait hears of it by 'state'
      if (this.state !== 'connecting') this.#open();
    }
    return this.#connecting;
  }

  /** Leaves on purpose. What is wanted (rooms, watches) and the cursor stay for a later connect(). */
  close() {
    const socket = this.#detach();
    if (socket) socket.close(1000);
    this.#stay(1000, 'closed by the page');
  }

  /** Calls a method; rejects with a RealtimeError. */
  call(method, params = {}) {
    if (this.state !== 'connected') {
      return Promise.reject(new RealtimeError('RT_UNAVAILABLE', `${method}: not connected`));
    }
    const id = ++this.#lastCall;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#calls.delete(id);
        reject(new RealtimeError('RT_UNAVAILABLE', `${method}: no answer`));
      }, this.#options.callTimeout);
      this.#calls.set(id, { resolve, reject, timer });
      this.#send({ id, method, params });
    }).then((result) => {
      this.#count(result?.unread);
      return result;
    });
  }

  /** Wants to be in a room, now and after every reconnect. Without a connection it happens at the next one. */
  join(room) {
    this.#rooms.add(room);
    return this.state === 'connected' ? this.#join(room) : Promise.resolve(null);
  }

  leave(room) {
    this.#rooms.delete(room);
    return this.state === 'connected' ? this.call('room.leave', { room }) : Promise.resolve(null);
  }

  publish(room, event, data) {
    return this.call('room.publish', { room, event, data });
  }

  /** Wants to know how these users are present; each answer comes as 'presence.changed', the first at once. */
  watch(userIds) {
    userIds.forEach((id) => this.#watched.add(id));
    return this.state === 'connected' ? this.#watch(userIds) : Promise.resolve(null);
  }

  unwatch(userIds) {
    userIds.forEach((id) => this.#watched.delete(id));
    return this.state === 'connected' ? this.call('presence.unwatch', { user_ids: userIds }) : Promise.resolve(null);
  }

  /** 'ONLINE' or 'BUSY'; made again after a reconnect, unless another device said something newer. */
  setStatus(status) {
    this.#status = status;
    return this.state === 'connected' ? this.call('presence.set', { status }) : Promise.resolve(null);
  }

  // ---- the connection ---------------------------------------------------------------------------

  async #open() {
    const attempt = ++this.#attempt;
    clearTimeout(this.#timers.retry);
    this.#become('connecting');
    let socket;
    try {
      const urls = [await value(this.#options.url)].flat();
      const token = await value(this.#options.token);
      if (attempt !== this.#attempt) return; // closed, or tried again, meanwhile
      const url = new URL(urls[this.#urlIndex % urls.length], globalThis.location?.href);
      const protocols = ['realtime.v1'];
      if (this.cursor) url.searchParams.set('since', this.cursor);
      if (this.#options.tokenIn === 'protocol') protocols.push(`bearer.${token}`);
      else url.searchParams.set('token', token);
      socket = new WebSocket(url, protocols);
    } catch (error) {
      if (attempt === this.#attempt) this.#gone(1006, `no attempt possible: ${error.message}`);
      return;
    }
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.#listenForSilence();
      for (const line of data.split('\n')) if (line) this.#receive(line);
    };
    socket.onclose = ({ code, reason }) => { this.#detach(); this.#gone(code, reason); };
    this.#timers.silence = setTimeout(() => this.#drop('no welcome'), 10000);
  }

  /** A socket that has been silent for too long is dead, whatever the browser believes. */
  #listenForSilence() {
    clearTimeout(this.#timers.silence);
    this.#timers.silence = setTimeout(() => this.#drop('silence'), this.#silence);
  }

  #drop(reason) {
    const socket = this.#detach();
    if (socket) socket.close(4408);
    this.#gone(4408, reason);
  }

  /** Forgets the socket, so that nothing of it arrives any more. */
  #detach() {
    const socket = this.#socket;
    this.#socket = null;
    this.#attempt++;
    if (socket) socket.onmessage = socket.onclose = null;
    for (const name of Object.keys(this.#timers)) clearTimeout(this.#timers[name]);
    this.#timers = {};
    for (const call of this.#calls.values()) {
      clearTimeout(call.timer);
      call.reject(new RealtimeError('RT_UNAVAILABLE', 'the connection was lost before the answer'));
    }
    this.#calls.clear();
    this.#missed = 0; // the old cursor counts until all that was missed has arrived
    return socket;
  }

  #gone(code, reason) {
    const after = AFTER[code];
    if (after === 'stay' || (after === 'new token' && typeof this.#options.token !== 'function')) {
      this.#stay(code, reason);
      return;
    }
    // Full jitter, applied after the cap: a crowd that lost its node together does not return together.
    let wait = Math.max(250, Math.random() * Math.min(30000, 500 * 2 ** this.#failures++));
    if (after === 'announced' && this.#comeBackIn) wait = this.#comeBackIn; // the server has spread us out
    if (after === 'pause') wait += 10000;
    this.#comeBackIn = 0;
    this.#urlIndex++;
    this.#timers.retry = setTimeout(() => this.#open(), wait);
    this.#become('waiting', { code, reason, retryIn: Math.round(wait) });
  }

  #stay(code, reason) {
    this.#become('closed', { code, reason });
    this.#settleConnect?.reject(new RealtimeError('RT_UNAVAILABLE', `closed: ${code} ${reason}`));
    this.#connecting = this.#settleConnect = null;
  }

  #become(state, why = {}) {
    this.state = state;
    if (state !== 'connected') this.node = null;
    this.#emit('state', { state, node: this.node, ...why });
  }

  // ---- what arrives -----------------------------------------------------------------------------

  #receive(line) {
    this.#emit('frame', { direction: 'in', text: line });
    const message = JSON.parse(line);
    if (message.event) this.#event(message);
    else if (message.id) this.#answer(message);
    else if (!message.error) this.#write('{}'); // a heartbeat: say that we live
  }

  #answer({ id, result, error }) {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    clearTimeout(call.timer);
    if (error) call.reject(new RealtimeError(error.code, error.message, error.retry_after_ms));
    else call.resolve(result);
  }

  #event({ event, room, data }) {
    if (event === 'connected') this.#welcome(data);
    if (event === 'notification.new') { this.#notification(data); return; }
    if (event === 'notification.synced' || event === 'notification.resync') this.cursor = data.cursor;
    if (event === 'token_expired') this.#refreshToken();
    if (event === 'server.draining') this.#comeBackIn = data.reconnect_after_ms;
    if (event === 'presence.changed' && data.user_id === this.userId && data.status !== 'OFFLINE'
        && data.status !== this.#status) this.#status = null;
    this.#emit(event, data, room);
    this.#count(data?.unread);
  }

  #welcome(welcome) {
    this.userId = welcome.user_id;
    this.node = welcome.server_id;
    this.#silence = welcome.heartbeat_interval_ms + welcome.heartbeat_timeout_ms;
    this.#missed = welcome.missed ?? 0;
    this.#cursorAfterMissed = welcome.cursor;
    this.#caughtUp();
    this.#listenForSilence();
    this.#timers.stable = setTimeout(() => { this.#failures = 0; }, 10000);
    this.#scheduleRefresh(welcome.token_expires_at);
    this.#become('connected');
    this.#settleConnect?.resolve();
    this.#connecting = this.#settleConnect = null;
    if (this.#status) this.call('presence.set', { status: this.#status }).catch(() => {});
    if (this.#watched.size) this.#watch([...this.#watched]).catch(() => {});
    for (const room of this.#rooms) this.#join(room).catch(() => {});
  }

  #notification(notification) {
    this.#acks.push(notification.id);
    this.#timers.ack ??= setTimeout(() => this.#acknowledge(), 200); // one message for many
    if (this.#seen.has(notification.id)) {
      this.#emit('repeat', notification);
    } else {
      this.#seen.add(notification.id);
      if (this.#seen.size > REMEMBERED_IDS) this.#seen.delete(this.#seen.values().next().value);
      this.#emit('notification.new', notification);
      if (this.#missed === 0 && !notification.read_at) this.#countOneMore();
    }
    if (this.#missed > 0) {
      this.#missed--;
      this.#caughtUp();
    }
  }

  #count(unread) {
    if (!unread) return;
    this.#unread = unread;
    this.#emit('unread', unread);
  }

  /** A push carries no count: one more at once (missed ones are in the welcome's), then the server's own figure. */
  #countOneMore() {
    if (!this.#unread.capped) this.#count({ ...this.#unread, count: this.#unread.count + 1 });
    this.#timers.count ??= setTimeout(async () => {
      this.#timers.count = undefined;
      this.#count(await this.call('notification.unread_count').catch(() => null));
    }, 250);
  }

  /** The new cursor holds once everything that was missed is here, and not before. */
  #caughtUp() {
    if (this.#missed === 0 && this.#cursorAfterMissed) {
      this.cursor = this.#cursorAfterMissed;
      this.#cursorAfterMissed = null;
    }
  }

  #acknowledge() {
    this.#timers.ack = undefined;
    if (this.#socket) this.#send({ method: 'notification.ack', params: { ids: this.#acks.splice(0) } });
  }

  // ---- what is wanted, and the token ------------------------------------------------------------

  async #join(room) {
    try {
      this.#emit('joined', await this.call('room.join', { room }));
    } catch (error) {
      if (error.code !== 'RT_UNAVAILABLE') this.#rooms.delete(room); // full or forbidden: not again by itself
      throw error;
    }
  }

  async #watch(userIds) {
    const { presences } = await this.call('presence.watch', { user_ids: userIds });
    presences.forEach((presence) => this.#emit('presence.changed', presence));
  }

  /** Ahead of time: a quarter of the token's life before its end, a minute at most. */
  #scheduleRefresh(expiresAt) {
    if (!expiresAt || typeof this.#options.token !== 'function') return;
    const left = Date.parse(expiresAt) - Date.now();
    const wait = left - Math.min(60000, left / 4);
    this.#timers.refresh = setTimeout(() => this.#refreshToken(), Math.min(Math.max(wait, 0), LONGEST_TIMER));
  }

  async #refreshToken() {
    clearTimeout(this.#timers.refresh);
    if (typeof this.#options.token !== 'function') return;
    const attempt = this.#attempt;
    try {
      const token = await value(this.#options.token);
      if (attempt !== this.#attempt) return;
      this.#scheduleRefresh((await this.call('auth.refresh', { token })).token_expires_at);
    } catch { /* the server closes with 4401, and the next attempt brings a new token */ }
  }

  // ---- what leaves ------------------------------------------------------------------------------

  #send(message) {
    this.#write(JSON.stringify(message), message.method === 'auth.refresh');
  }

  #write(text, secret = false) {
    if (this.#socket?.readyState !== 1) return;
    this.#socket.send(text);
    this.#emit('frame', { direction: 'out', text: secret ? '{"method":"auth.refresh",…}' : text });
  }

  /** A listener that throws harms neither the others nor the connection. */
  #emit(event, data, room = null) {
    for (const listener of this.#listeners.get(event) ?? []) {
      try { listener(data, room); } catch (error) { console.error(`listener of ${event}:`, error); }
    }
  }
}

async function value(option) {
  return typeof option === 'function' ? option() : option;
}
