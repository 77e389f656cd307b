/**
 * realtime.js: the browser's side of realtime4j (protocol realtime.v1). No dependencies; copy it.
 *
 *   import { Realtime } from './realtime.js';
 *
 *   const realtime = new Realtime({ url: 'wss://example.org/ws', token: () => fetchToken() });
 *   realtime.on('notification.new', (notification) => show(notification));   // once each, in order
 *   realtime.on('unread', ({ count }) => { badge.textContent = count; });    // always absolute
 *   realtime.on('chat.message', (data, room) => print(room, data));          // what the host publishes
 *   realtime.join('match:42');                 // wanted from now on: made again after a reconnect
 *   realtime.watch([benId]);                   // 'presence.changed' follows
 *   await realtime.connect();
 *   const { members } = await realtime.call('room.members', { room: 'match:42' });
 *   realtime.close();                          // connect() resumes where this ended
 *
 * Options
 *   url      a URL, a list of them (the next one is tried after a failure), or a function giving either
 *   token    a token, or a function (it may be async), asked for one at a time: before every attempt,
 *            and ahead of the end of the last one. It is given { refused }: true after the server
 *            refused one. Browsers do not tell a 401 from a dead network: do not keep tokens past their
 *            end. A RealtimeError of RT_UNAUTHORIZED or RT_FORBIDDEN out of it ends the client.
 *   tokenIn  'query' (default) or 'protocol', which keeps the token out of URLs
 *   cursor   where an earlier client was (its `cursor`): what was missed since then comes first, and
 *            perhaps a few that the earlier one had, for the ids are remembered in memory only. One that is
 *            damaged is no first start: it is told on the console, and the whole list comes
 *   offline  'queue' (default): calls wait for a connection, 256 of them, 1 MiB, 30 s each; or 'fail'
 *   callTimeout  milliseconds until an unanswered call, or a token, fails (10000). A call has the time besides
 *            that its bytes and those of its answer need at 2 kB a second (32 s for a list, and for a method of the
 *            host, whose answer may have any length), and waits for what was missed while that arrives
 *
 * Events besides those of the protocol, handed over as (data, room)
 *   state    'connecting' | 'connected' | 'waiting' | 'closed', and why: { state, node, code, reason,
 *            retryIn }. Rooms, watches and status are back before 'connected' is told.
 *   unread   { count, capped } whenever it changes
 *   joined   { room, members } after every join, also one made again
 *   refused  { room, code, message }: a room that is not wanted any more, because it cannot be had
 *   repeat   a notification that arrived before and was dropped
 *   frame    { direction: 'in' | 'out', text } of every message, for debugging
 *
 * These names are the client's: an event of the application that has one of them reaches no listener of on().
 * onEvent(name, listener) hears events of the application only, whatever their names.
 *
 * Too much missed ('notification.resync'): the list is paged through, and what is new comes as
 * 'notification.new', oldest first, at most the newest 10,000. What was read or deleted elsewhere while
 * away is not told one by one: who shows a list loads it again at 'connected'.
 * Calls that may safely be repeated are, over a reconnect. All others fail when the connection is lost
 * before the answer: nobody knows whether they were done.
 */

/** What to do after a close; every other code means: the network, come back. */
const AFTER = { 1000: 'stay', 1009: 'stay', 4400: 'stay', 4403: 'stay', 4409: 'stay', 4401: 'new token', 4429: 'pause' };
/** Calls that may be sent again when nobody knows whether the first one was handled. */
const REPEATABLE = new Set(['room.members', 'presence.get', 'notification.list', 'notification.unread_count',
  'notification.read', 'notification.read_all', 'notification.delete']);
/** Refusals that a later try may not meet. */
const PASSING = new Set(['RT_UNAVAILABLE', 'RT_RATE_LIMITED', 'RT_INTERNAL']);

/** What the client tells of itself: no event that arrives is told under these names. */
const OWN = new Set(['state', 'unread', 'joined', 'refused', 'repeat', 'frame']);
/** What the protocol tells; all else is the application's. */
const PROTOCOL = /^(connected$|token_expired$|auth\.|notification\.|presence\.|room\.|server\.)/;
/** How many messages the server counts for a call that names so many users. */
const costOf = (users) => Math.max(1, Math.ceil(users / 50));
/** As many users as one call of presence may name. */
const chunks = (ids) => Array.from({ length: Math.ceil(ids.length / 200) }, (_, i) => ids.slice(i * 200, i * 200 + 200));

const HANDSHAKE = 10000; // ms until the socket is open; and as long, and a frame's time, for the welcome
const SLOWEST = 2; // bytes a ms: the slowest link on which everything works
const MOST_OF_FRAME = 64 * 1024; // bytes
const LONGEST_FRAME = MOST_OF_FRAME / SLOWEST; // ms, in which a page sees nothing: it is shown whole messages only
const LARGE_FRAME = 16 * 1024; // characters: behind such a one more may be on its way
/** Methods whose answers are short. Those of the host's own methods may be as long as a frame. */
const SHORT = new Set(['auth.refresh', 'room.join', 'room.leave', 'room.publish', 'presence.set', 'presence.unwatch',
  'notification.unread_count', 'notification.read', 'notification.read_all', 'notification.delete']);
const PRESENCE = 128; // bytes of one in an answer
const MEMBERS = 8 * 1024; // bytes of a page of them
const FIRST_SIGN = 5000; // ms between signs of life before the server says how long it waits for one
const RECHECK = 2000; // ms between looks whether the bytes of a late call move
const STABLE = 10000; // ms after which a connection is believed in
const PAUSE = 10000; // ms at least, for who was too loud
const LONGEST_FLOOR = 600000; // ms: a server that says "in a year" is taken at its word only so far
const LONGEST_TIMER = 2 ** 31 - 1;
const MAX_MESSAGE = 64 * 1024; // bytes: what a server takes
const MAX_WAITING = 256; // calls, and
const MAX_WAITING_CHARS = 1024 * 1024;
const MAX_WAIT = 30000; // ms
const REMEMBERED_IDS = 16384;
const MAX_RESYNC = 10000; // notifications
const MAX_ACKS = 1000;
const PAGE = 100; // of a list that is read again
const LEAST_PAGE = 5; // the same on a link on which larger ones do not arrive in time
const RETRY = 5000; // ms until a renewal that failed is tried again; doubled each time, up to
const LAST_RETRY = 60000; // ms
const LOST = 'lost'; // a cursor that no server knows: it is answered as a gap
const BELOW_ALL = '00000000-0000-0000-0000-000000000001'; // smaller than every id that there is

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

  #options; #listeners = new Map(); #applicationListeners = new Map();
  // The connection. Whatever began under another number of an attempt is stale.
  #socket = null; #attempt = 0; #welcomed = false; #silence = 35000; #timers = {};
  #failures = 0; #urlIndex = 0; #comeBackIn = 0; #heldBack = false; #connecting = null; #settleConnect = null;
  #lastSent = 0; #signEvery = FIRST_SIGN; #clearAt = 0; #answersAt = 0; #overdueUntil = 0;
  #hurry = () => { if (this.state === 'waiting' && !this.#heldBack) this.#open(); };
  // The token.
  #asking = null; #refused = false; #renewing = false; #renewals = new RenewalPlan(); #retry = RETRY; #warned = false;
  // Calls: those of the connection's own go first.
  #first = []; #waiting = []; #unanswered = new Map(); #lastCall = 0; #ownWasLast = false;
  #pace = new Pace(9, 16); #pausing = false; // below the server's 10 a second, bursts of 20; it remembers them over a reconnect
  // What is wanted on every connection.
  #rooms = new Set(); #watched = new Map(); #status = null;
  // Notifications.
  #seen = new SeenIds(REMEMBERED_IDS); #missing = 0; #pending = null;
  #resync = null; #pageSize = PAGE; #held = []; #acks = []; #unread = null;

  constructor(options) {
    this.#options = { tokenIn: 'query', offline: 'queue', callTimeout: 10000, ...options };
    this.cursor = options.cursor ?? null;
    if (this.cursor !== null) {
      this.#seen.begin(BELOW_ALL); // what the earlier client had is not known here
      if (!/^[A-Za-z0-9_.~-]{1,200}$/.test(this.cursor)) {
        console.warn('realtime: the cursor is damaged: the whole list is read, and what was told before may come again');
        this.cursor = LOST;
      }
    }
    if (typeof this.#options.token !== 'function') this.#check(this.#options.token);
  }

  /** Calls `listener(data, room)` for every event of that name; returns what ends it. */
  on(event, listener) { return added(this.#listeners, event, listener); }

  /** The same for what the application publishes, and for nothing else: any name can be its own. */
  onEvent(event, listener) { return added(this.#applicationListeners, event, listener); }

  /** Connects and stays connected; resolves at the first 'connected', rejects when it is refused for good. */
  connect() {
    if (this.state === 'connected') return Promise.resolve();
    if (!this.#connecting) {
      this.#connecting = new Promise((resolve, reject) => { this.#settleConnect = { resolve, reject }; });
      this.#connecting.catch(() => {}); // whoever does not wait hears of it by 'state'
    }
    const connecting = this.#connecting;
    if (this.state === 'closed') {
      globalThis.addEventListener?.('online', this.#hurry);
      this.#open();
    }
    return connecting;
  }

  /** Leaves on purpose. What is wanted (rooms, watches, status) and the cursor stay for a later connect(). */
  close() {
    if (this.state === 'closed') return;
    this.#detach()?.close(1000);
    this.#stay(1000, 'closed by the page');
  }

  /** Calls a method; rejects with a RealtimeError. */
  call(method, params = {}) {
    return this.#enqueue({ method, params: JSON.stringify(params), own: false, ...answerOf(method, params) });
  }

  /**
   * Wants to be in a room, now and after every reconnect. Without a connection it happens at the next one.
   * A promise that fails with RT_UNAVAILABLE changes nothing about the wish.
   */
  join(room) {
    this.#rooms.add(room);
    return this.#welcomed ? this.#join(room) : Promise.resolve(null);
  }

  leave(room) {
    this.#rooms.delete(room);
    return this.#welcomed ? this.#ask('room.leave', { room }) : Promise.resolve(null);
  }

  publish(room, event, data) {
    return this.call('room.publish', { room, event, data });
  }

  /** Wants to know how these users are present: each change comes as 'presence.changed', the first at once. */
  watch(userIds) {
    for (const id of userIds) if (!this.#watched.has(id)) this.#watched.set(id, null);
    return this.#welcomed ? this.#watch(userIds) : Promise.resolve(null);
  }

  unwatch(userIds) {
    userIds.forEach((id) => this.#watched.delete(id));
    if (!this.#welcomed) return Promise.resolve(null);
    return Promise.all(chunks(userIds).map((ids) => this.#ask('presence.unwatch', { user_ids: ids })))
      .then((answers) => answers[0] ?? null);
  }

  /** 'ONLINE' or 'BUSY'; made again after a reconnect, unless another device said something newer. */
  setStatus(status) {
    this.#status = status;
    return this.#welcomed ? this.#setStatus() : Promise.resolve(null);
  }

  // ---- the connection ---------------------------------------------------------------------------

  async #open() {
    const attempt = ++this.#attempt;
    clearTimeout(this.#timers.retry);
    this.#comeBackIn = 0;
    this.#become('connecting');
    let socket;
    try {
      const urls = [await value(this.#options.url)].flat();
      const token = await this.#token();
      if (attempt !== this.#attempt) return; // closed, or tried again, meanwhile
      const url = new URL(urls[this.#urlIndex % urls.length], globalThis.location?.href);
      const protocols = ['realtime.v1'];
      if (this.cursor) url.searchParams.set('since', this.cursor);
      if (this.#options.tokenIn === 'protocol') protocols.push(`bearer.${token}`);
      else url.searchParams.set('token', token);
      socket = new WebSocket(url, protocols);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      if (isFinal(error)) this.#stay(4401, error.message);
      else this.#lost(1006, error instanceof DOMException ? error.name : error.message); // its text has the token
      return;
    }
    this.#socket = socket;
    const awaitWelcome = (wait) => {
      clearTimeout(this.#timers.silence);
      this.#timers.silence = setTimeout(() => this.#drop('no welcome'), wait);
    };
    awaitWelcome(HANDSHAKE);
    socket.onopen = () => {
      awaitWelcome(HANDSHAKE + LONGEST_FRAME); // some servers send it with all that was missed, in one frame
      this.#lastSent = performance.now();
      this.#giveSigns();
    };
    socket.onmessage = ({ data }) => {
      if (this.#welcomed) this.#listenForSilence(data.length < LARGE_FRAME);
      this.#giveSigns();
      if (typeof data !== 'string') return; // no message of this protocol is binary
      for (const line of data.split('\n')) if (line && socket === this.#socket) this.#receive(line);
    };
    socket.onclose = ({ code, reason }) => { this.#detach(); this.#lost(code, reason); };
  }

  /**
   * A socket that has been silent for too long is dead, whatever the browser believes. Where something is on
   * its way a long frame may be arriving, and the page is not shown it before it is whole.
   */
  #listenForSilence(quiet) {
    clearTimeout(this.#timers.silence);
    this.#timers.silence = setTimeout(() => {
      if (quiet && !this.#isExpecting()) this.#drop('silence');
      else this.#timers.silence = setTimeout(() => this.#drop('silence'), LONGEST_FRAME);
    }, this.#silence);
  }

  /** Whether the server has something to send that is not here yet. */
  #isExpecting() {
    return !this.#welcomed || this.#missing > 0 || this.#resync !== null || this.#unanswered.size > 0
      || performance.now() < this.#overdueUntil;
  }

  /**
   * Says by itself that the page lives, while things arrive or are on their way and nothing goes out: the server's
   * heartbeat may be stuck behind them. A quiet socket costs nothing.
   */
  #giveSigns() {
    const wait = Math.max(this.#signEvery / 5, this.#lastSent + this.#signEvery - performance.now());
    this.#timers.sign ??= this.#later(wait, () => {
      this.#timers.sign = undefined;
      if (performance.now() - this.#lastSent >= this.#signEvery) this.#write('{}');
      if (this.#isExpecting()) this.#giveSigns();
    });
  }

  #drop(reason) {
    this.#detach()?.close(4408);
    this.#lost(4408, reason);
  }

  /** Forgets the socket and all that goes with it, so that nothing of it arrives any more. */
  #detach() {
    const socket = this.#socket;
    this.#socket = null;
    this.#welcomed = this.#renewing = this.#pausing = false;
    this.#signEvery = FIRST_SIGN;
    if (this.#resync) this.#shortenPages();
    this.#attempt++;
    if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
    Object.values(this.#timers).forEach(clearTimeout);
    this.#timers = {};
    this.#pending = this.#resync = null; // the old cursor counts until all that was missed has arrived
    this.#missing = 0;
    this.#held = [];
    this.#sortOutCalls();
    return socket;
  }

  #lost(code, reason) {
    const after = AFTER[code];
    if (after === 'stay' || (after === 'new token' && typeof this.#options.token !== 'function')) {
      this.#stay(code, reason);
      return;
    }
    if (after === 'new token') this.#refused = true;
    const floor = Math.min(Math.max(this.#comeBackIn, after === 'pause' ? PAUSE : 0), LONGEST_FLOOR);
    // Full jitter, applied after the cap: a crowd that lost its node together does not return together.
    const wait = floor + Math.max(250, Math.random() * Math.min(30000, 500 * 2 ** this.#failures++));
    this.#heldBack = floor > 0;
    this.#urlIndex++;
    this.#timers.retry = setTimeout(() => this.#open(), wait);
    this.#become('waiting', { code, reason, retryIn: Math.round(wait) });
  }

  /** Ends it, until the page connects again. */
  #stay(code, reason) {
    globalThis.removeEventListener?.('online', this.#hurry);
    const settle = this.#settleConnect;
    this.#connecting = this.#settleConnect = null;
    for (const call of this.#waiting.splice(0)) this.#fail(call, `closed: ${code} ${reason}`);
    this.#become('closed', { code, reason });
    settle?.reject(new RealtimeError('RT_UNAVAILABLE', `closed: ${code} ${reason}`));
  }

  #become(state, why = {}) {
    this.state = state;
    if (state !== 'connected') this.node = null;
    this.#emit('state', { state, node: this.node, ...why });
  }

  /** Later, unless this connection is gone by then. */
  #later(wait, action) {
    const attempt = this.#attempt;
    return setTimeout(() => { if (attempt === this.#attempt) action(); }, wait);
  }

  // ---- what arrives -----------------------------------------------------------------------------

  #receive(line) {
    this.#emit('frame', { direction: 'in', text: line });
    const message = readObject(line);
    if (message === null) {
      console.warn('realtime: a message that is no JSON object is left out');
      return;
    }
    if (message.event === 'connected') this.#welcome(message.data);
    else if (message.event) { if (this.#welcomed) this.#event(message); }
    else if (message.id) this.#answer(message);
    else if (!message.error) this.#write('{}'); // a heartbeat: say that we live
  }

  #welcome(welcome) {
    this.#welcomed = true;
    this.userId = welcome.user_id;
    this.#silence = welcome.heartbeat_interval_ms + welcome.heartbeat_timeout_ms;
    this.#signEvery = welcome.heartbeat_timeout_ms / 2;
    this.#clearAt = this.#answersAt = this.#overdueUntil = 0;
    this.#listenForSilence(true);
    this.#refused = false;
    if ((welcome.missed ?? null) === null) this.#move(welcome.cursor);
    // With none missed a resync may be on its way: the cursor waits until there was none.
    else [this.#pending, this.#missing] = [welcome.cursor, welcome.missed];
    this.#renewals = new RenewalPlan();
    this.#scheduleRenewal(welcome);
    this.#count(welcome.unread);
    this.#restore(() => this.#online(welcome));
  }

  /** All is as the page wants it. */
  #online(welcome) {
    this.node = welcome.server_id;
    this.#timers.stable = setTimeout(() => this.#stable(), STABLE);
    this.#become('connected');
    if (this.state !== 'connected') return; // a listener has closed it
    this.#emit('connected', welcome);
    this.#settleConnect?.resolve();
    this.#connecting = this.#settleConnect = null;
    this.#acknowledge(); // what the last connection did not get to
    this.#pump();
  }

  /** The connection has held for a while: a resync would have been announced by now. */
  #stable() {
    this.#failures = 0;
    if (this.#missing === 0) this.#move(this.#pending);
    if (this.#seen.bound !== null) return;
    // A first connection replays nothing, and neither shall a resync that comes later: from here on it is known.
    this.#ask('notification.list', { limit: 1 }, { answer: 0 }).then(({ notifications: [newest] }) => {
      if (this.#seen.bound === null) this.#seen.begin(newest?.id ?? BELOW_ALL);
    }, () => {});
  }

  #event({ event, room, data }) {
    switch (event) {
      case 'notification.new': this.#arrived(data); return;
      case 'presence.changed': this.#presence(data); return;
      case 'notification.synced': if (!this.#resync && this.#missing === 0) this.#move(data.cursor); break;
      case 'notification.resync': this.#readList(data.cursor, data.from ?? null); break;
      case 'token_expired': this.#refused = true; this.#retry = RETRY; this.#renew(); break;
      case 'server.draining': this.#comeBackIn = data.reconnect_after_ms; break;
    }
    this.#tellOf(event, data, room);
    if (event.startsWith('notification.')) this.#count(data.unread);
  }

  /** An event that arrived: one with a name of the client's own is the application's, and not taken for it. */
  #tellOf(event, data, room) {
    if (!PROTOCOL.test(event)) this.#emit(event, data, room, this.#applicationListeners);
    if (!OWN.has(event)) this.#emit(event, data, room);
  }

  // ---- notifications: each once, in order; the cursor behind them ---------------------------------

  #arrived(notification) {
    if (this.#resync) { // comes after what is found on the list
      if (this.#held.push(notification) > MAX_RESYNC) this.#drop('too far behind');
      return;
    }
    const live = this.#missing === 0; // those that were missed are in the welcome's count
    if (!this.#offer(notification, live)) return;
    if (this.#missing > 0) this.#missing--;
    if (this.#missing === 0) this.#move(this.#pending);
  }

  /** Tells the page what is new to it; false when the page has ended the connection at that. */
  #offer(notification, live = false) {
    const attempt = this.#attempt;
    this.#acks.push(notification.id);
    if (this.#acks.length > MAX_ACKS) this.#acks.shift(); // a measure, nothing depends on it
    this.#timers.ack ??= setTimeout(() => this.#acknowledge(), 200); // one message for many
    const isNew = this.#seen.add(notification.id);
    this.#emit(isNew ? 'notification.new' : 'repeat', notification);
    if (isNew && live && !notification.read_at) this.#countOneMore();
    return attempt === this.#attempt;
  }

  /** Everything before the cursor is here. */
  #move(cursor) {
    this.#pending = null;
    if (cursor) this.cursor = cursor;
  }

  /**
   * Pages through the list, newest first, down to and including the id `from` (null: down to what is known),
   * then tells what the page has not had, oldest first. A page without news is no reason to stop: one that
   * became visible late may lie below it.
   */
  async #readList(cursor, from) {
    const reach = new Reach(from, from === null).and(this.#resync); // the one before it was not done yet
    this.#resync = reach;
    this.#pending = null;
    this.#missing = 0;
    const unseen = [];
    let next = null;
    let ended = reach.isNowhere(this.#seen);
    while (!ended) {
      const limit = this.#pageSize;
      const page = await this.#ask('notification.list', next ? { limit, cursor: next } : { limit }).catch((error) => {
        if (error.code === 'RT_UNAVAILABLE' && this.#resync === reach) this.#shortenPages();
        return pause(error.retryAfter ?? 2000);
      });
      if (this.#resync !== reach) return; // another one, or another connection
      if (!page) continue;
      next = page.next_cursor;
      ended = !next;
      for (const notification of page.notifications) {
        if (reach.covers(notification.id, this.#seen) && !this.#seen.has(notification.id)) unseen.push(notification);
        ended ||= reach.endsAt(notification.id, this.#seen);
      }
      if (!ended && unseen.length >= MAX_RESYNC) {
        console.warn(`realtime: more than ${MAX_RESYNC} notifications were missed: older ones are on the list only`);
        ended = true;
      }
    }
    this.#resync = null;
    this.#pageSize = PAGE;
    for (const notification of [...unseen.reverse(), ...this.#held.splice(0)]) if (!this.#offer(notification)) return;
    this.#move(cursor);
    this.#askCount();
  }

  /** On a slow link a page may have been too much to arrive in time. */
  #shortenPages() {
    this.#pageSize = Math.max(LEAST_PAGE, Math.floor(this.#pageSize / 2));
  }

  #acknowledge() {
    this.#timers.ack = undefined;
    while (this.#acks.length) this.#tell('notification.ack', { ids: this.#acks.splice(0, 100) });
  }

  #count(unread) {
    if (!unread || (this.#unread?.count === unread.count && this.#unread.capped === unread.capped)) return;
    this.#unread = unread;
    this.#emit('unread', unread);
  }

  /** A push carries no count: one more at once, then the server's own figure. */
  #countOneMore() {
    if (this.#unread && !this.#unread.capped) this.#count({ count: this.#unread.count + 1, capped: false });
    this.#askCount();
  }

  #askCount() {
    this.#timers.count ??= this.#later(250, () => {
      this.#timers.count = undefined;
      this.#ask('notification.unread_count').then((unread) => this.#count(unread), () => {});
    });
  }

  // ---- what is wanted -----------------------------------------------------------------------------

  /** Brings status, watches and rooms back. A store that is away for the moment does not hold it up. */
  #restore(restored) {
    const attempt = this.#attempt;
    const asked = [...this.#rooms].map((room) => this.#join(room));
    if (this.#status) asked.unshift(this.#setStatus());
    if (this.#watched.size) asked.push(this.#watch([...this.#watched.keys()]));
    if (asked.length === 0) restored();
    else Promise.allSettled(asked).then(() => { if (attempt === this.#attempt) restored(); });
  }

  /** Asks for it, and `again` when it is refused for the moment only. */
  async #want(method, params, again, refused) {
    const attempt = this.#attempt;
    try {
      return await this.#ask(method, params);
    } catch (error) {
      if (attempt === this.#attempt) {
        if (PASSING.has(error.code)) this.#later(error.retryAfter ?? 3000, () => again()?.catch(() => {}));
        else refused(error);
      }
      throw error;
    }
  }

  async #join(room) {
    const joined = await this.#want('room.join', { room }, () => (this.#rooms.has(room) ? this.#join(room) : null), (error) => {
      this.#rooms.delete(room); // full or forbidden: not again by itself
      this.#emit('refused', { room, code: error.code, message: error.message }, room);
    });
    this.#emit('joined', joined);
    return joined;
  }

  #setStatus() {
    const status = this.#status;
    return this.#want('presence.set', { status }, () => (this.#status === status ? this.#setStatus() : null), () => {
      if (this.#status === status) this.#status = null;
    });
  }

  async #watch(userIds) {
    const wanted = userIds.filter((id) => this.#watched.has(id));
    const answers = await Promise.all(chunks(wanted).map(async (ids) => {
      const { presences } = await this.#want('presence.watch', { user_ids: ids }, () => this.#watch(ids),
        () => ids.forEach((id) => this.#watched.delete(id)));
      presences.forEach((presence) => this.#presence(presence));
      return presences;
    }));
    return { presences: answers.flat() };
  }

  /** Who is watched is told of when the status differs from what was told before. */
  #presence(presence) {
    const { user_id: id, status } = presence;
    if (this.state === 'connected' && id === this.userId && status !== 'OFFLINE' && status !== this.#status) {
      this.#status = null; // another device said something newer
    }
    if (this.#watched.get(id) === status) return;
    if (this.#watched.has(id)) this.#watched.set(id, status);
    this.#emit('presence.changed', presence);
  }

  // ---- the token ----------------------------------------------------------------------------------

  /** A token. The page is asked once at a time, whoever waits; and once more when one was refused since. */
  #token() {
    const { token, callTimeout } = this.#options;
    if (typeof token !== 'function') return Promise.resolve(token);
    if (this.#asking && (this.#asking.refused || !this.#refused)) return this.#asking.answer;
    const asking = { refused: this.#refused };
    const before = this.#asking?.answer.catch(() => {});
    asking.answer = (async () => {
      try {
        await before;
        const fresh = await within(callTimeout, value(token, { refused: asking.refused }), 'no token in time');
        if (!fresh) throw new RealtimeError('RT_UNAVAILABLE', 'no token');
        this.#check(fresh);
        this.#warned = false;
        return fresh;
      } finally {
        if (this.#asking === asking) this.#asking = null;
      }
    })();
    return (this.#asking = asking).answer;
  }

  /** A token that the handshake cannot carry is an error that names why; the token is not quoted. */
  #check(token) {
    const flaw = (this.#options.tokenIn === 'protocol' ? /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/ : /[^\x21-\x7e]/).exec(token);
    if (!flaw) return;
    const named = { '\n': 'a line break', '\r': 'a line break', ' ': 'a space' };
    const what = named[flaw[0]] ?? 'one that the handshake cannot carry';
    const message = `this is no token: it has ${what} as character ${flaw.index + 1} of ${token.length}`;
    if (!this.#warned) console.warn(`realtime: ${message}`);
    this.#warned = true;
    throw new RealtimeError('RT_BAD_REQUEST', message);
  }

  /** Ahead of the end of the token that the server took. */
  #scheduleRenewal({ token_expires_at: end, server_time: serverTime }) {
    this.#retry = RETRY;
    clearTimeout(this.#timers.renewal);
    const wait = this.#renewals.next(Date.parse(end), Date.parse(serverTime));
    if (wait !== null) this.#timers.renewal = setTimeout(() => this.#renew(), Math.min(wait, LONGEST_TIMER));
  }

  /** Until it works, or the server closes with 4401 and the next attempt brings a new token anyway. */
  async #renew() {
    if (this.#renewing || typeof this.#options.token !== 'function') return;
    this.#renewing = true;
    clearTimeout(this.#timers.renewal);
    const attempt = this.#attempt;
    const token = await this.#token().catch((error) => {
      if (attempt === this.#attempt && isFinal(error)) { this.#detach()?.close(1000); this.#stay(4401, error.message); }
      return null;
    });
    if (attempt !== this.#attempt) return;
    const renewed = token && await this.#ask('auth.refresh', { token }).catch((error) => {
      if (error.code === 'RT_UNAUTHORIZED') this.#refused = true;
      return null;
    });
    if (attempt !== this.#attempt) return;
    this.#renewing = false;
    if (renewed) {
      this.#refused = false;
      this.#scheduleRenewal(renewed);
    } else {
      this.#timers.renewal = setTimeout(() => this.#renew(), this.#retry);
      this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
    }
  }

  // ---- calls --------------------------------------------------------------------------------------

  /** A call of the connection's own: it goes before those of the page, and ends with the connection. */
  #ask(method, params = {}, answer = answerOf(method, params)) {
    return this.#enqueue({ method, params: JSON.stringify(params), own: true, ...answer });
  }

  /** A message that nobody answers. */
  #tell(method, params) {
    this.#first.push({ method, params: JSON.stringify(params), own: true, unanswered: true });
    this.#pump();
  }

  #enqueue(call) {
    return new Promise((resolve, reject) => {
      Object.assign(call, { resolve, reject, since: Date.now() });
      const chars = this.#waiting.reduce((sum, { params }) => sum + params.length, call.params.length);
      if (new TextEncoder().encode(call.params).length + call.method.length + 64 > MAX_MESSAGE) {
        reject(new RealtimeError('RT_LIMIT_EXCEEDED', `${call.method}: larger than a message may be`));
      } else if (call.own ? !this.#welcomed : this.state === 'closed') {
        this.#fail(call, 'not connected');
      } else if (!call.own && this.#options.offline === 'fail' && this.state !== 'connected') {
        this.#fail(call, 'not connected');
      } else if (!call.own && (this.#waiting.length >= MAX_WAITING || chars > MAX_WAITING_CHARS)) {
        this.#fail(call, 'too many calls wait already');
      } else {
        (call.own ? this.#first : this.#waiting).push(call);
        if (!call.own) this.#waitFor(call);
        this.#pump();
      }
    });
  }

  /** Sends what may be sent now: slower than what the server takes for too loud. */
  #pump() {
    const pages = () => this.state === 'connected' && this.#waiting.length > 0;
    while (this.#welcomed && !this.#pausing && (this.#first.length > 0 || pages())) {
      const own = this.#first.length > 0 && !(this.#ownWasLast && pages()); // one of the page's after each
      const next = own ? this.#first : this.#waiting;
      const wait = this.#pace.take(next[0].cost ?? 1);
      if (wait > 0) {
        this.#pausing = true;
        this.#later(wait, () => { this.#pausing = false; this.#pump(); });
        return;
      }
      this.#ownWasLast = own;
      this.#send(next.shift());
    }
  }

  #send(call) {
    const body = `"method":"${call.method}","params":${call.params}}`;
    const secret = call.method === 'auth.refresh' ? '{"method":"auth.refresh",…}' : undefined;
    if (call.unanswered) { this.#write(`{${body}`); return; }
    const id = ++this.#lastCall;
    this.#unanswered.set(id, call);
    this.#write(`{"id":${id},${body}`, secret);
    this.#awaitAnswer(id, call, this.#options.callTimeout + this.#onItsWay(body.length) + this.#answering(call));
    this.#giveSigns();
  }

  /** Milliseconds until all that was sent may be at the other end of the slowest link. */
  #onItsWay(bytes) {
    const now = performance.now();
    this.#clearAt = Math.max(this.#clearAt, now) + bytes / SLOWEST;
    return this.#clearAt - now < 2000 ? 0 : this.#clearAt - now;
  }

  /**
   * Milliseconds until the answer may have arrived over the slowest link, once the call is there: behind those that
   * were asked for before it.
   */
  #answering({ answer, ofAnyLength }) {
    const now = performance.now();
    this.#answersAt = Math.max(this.#answersAt, now) + answer / SLOWEST;
    return this.#answersAt - now + (ofAnyLength ? LONGEST_FRAME : 0);
  }

  /** While bytes move an answer may wait behind them, or its question among them. */
  #awaitAnswer(id, call, wait) {
    const buffered = this.#socket?.bufferedAmount ?? 0;
    clearTimeout(call.timer);
    call.timer = setTimeout(() => {
      const left = this.#socket?.bufferedAmount ?? 0;
      if (this.#missing > 0 || (left > 0 && left < buffered)) this.#awaitAnswer(id, call, RECHECK);
      else {
        this.#unanswered.delete(id);
        if (call.answer > 0 || call.ofAnyLength) this.#overdueUntil = performance.now() + LONGEST_FRAME;
        this.#fail(call, 'no answer');
      }
    }, wait);
  }

  #answer({ id, result, error }) {
    const call = this.#unanswered.get(id);
    if (!call) return;
    this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.#answersAt = 0;
    clearTimeout(call.timer);
    if (error) call.reject(new RealtimeError(error.code, error.message, error.retry_after_ms));
    else call.resolve(result);
    if (call.method.startsWith('notification.')) this.#count(result?.unread);
  }

  /** The socket is gone: what may be repeated waits for the next one, in the order it was made. */
  #sortOutCalls() {
    const cut = [...this.#unanswered.values(), ...this.#first];
    this.#unanswered.clear();
    this.#first = [];
    for (const call of cut.reverse()) {
      if (call.own || !REPEATABLE.has(call.method)) {
        this.#fail(call, 'the connection was lost before the answer');
      } else {
        this.#waiting.unshift(call);
        this.#waitFor(call);
      }
    }
  }

  #waitFor(call) {
    this.#failIn(call.since + MAX_WAIT - Date.now(), call, 'it could not be sent in time',
      () => { this.#waiting = this.#waiting.filter((one) => one !== call); });
  }

  #failIn(wait, call, why, forget) {
    clearTimeout(call.timer);
    call.timer = setTimeout(() => { forget(); this.#fail(call, why); }, wait);
  }

  #fail(call, why) {
    clearTimeout(call.timer);
    call.reject?.(new RealtimeError('RT_UNAVAILABLE', `${call.method}: ${why}`));
  }

  #write(text, shown = text) {
    if (this.#socket?.readyState !== 1) return;
    this.#socket.send(text);
    this.#lastSent = performance.now();
    this.#emit('frame', { direction: 'out', text: shown });
  }

  /** A listener that throws harms neither the others nor the connection. */
  #emit(event, data, room = null, listeners = this.#listeners) {
    for (const listener of listeners.get(event) ?? []) {
      try { listener(data, room); } catch (error) { console.error(`listener of ${event}:`, error); }
    }
  }
}

/** The notifications that the page has: the last of them by id, and two floors for all the others. */
class SeenIds {
  #most; #ids = new Set(); #smallest = null; // a Set keeps the order in which they came
  /** The greatest id that gave way: at or below it nobody can tell any more what the page has. */
  forgotten = null;
  /** The newest that there was before the very first connection. */
  #beginning = null;

  constructor(most) { this.#most = most; }

  has(id) { return this.#ids.has(id); }

  /** Adds one; false when it was there. */
  add(id) {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#smallest === null || id < this.#smallest) this.#smallest = id;
    if (this.#ids.size > this.#most) {
      const [oldest] = this.#ids;
      this.#ids.delete(oldest);
      this.forgotten = higher(this.forgotten, oldest);
    }
    return true;
  }

  begin(newestBefore) { this.#beginning = newestBefore; }

  /** Above it a list can hold anything new, as far as is known here; null when nothing is. */
  get bound() { return higher(this.forgotten, this.#beginning) ?? this.#smallest; }
}

/**
 * How far down the list is read: to `from`, the oldest that may be missing, as the server says; and to what is
 * known, where a server did not say. The greatest id that the page has does not tell: a notification whose
 * transaction was open for a while lies below ones that came long before it.
 */
class Reach {
  constructor(from, toBound) { Object.assign(this, { from, toBound }); }

  /** As far as both go. */
  and(other) {
    if (!other) return this;
    const mine = other.from === null || (this.from !== null && this.from <= other.from);
    return new Reach(mine ? this.from : other.from, this.toBound || other.toBound);
  }

  isNowhere(seen) { return this.from === null && seen.bound === null; }

  /** Whether one of this id may be missing. */
  covers(id, seen) {
    if (seen.forgotten !== null && id <= seen.forgotten) return false;
    return (this.from !== null && id >= this.from) || (this.toBound && seen.bound !== null && id > seen.bound);
  }

  /** Whether nothing below this id may be missing. */
  endsAt(id, seen) { return !this.covers(id, seen) || (!this.toBound && id === this.from); }
}

/**
 * When the token of one connection is renewed. However wrong the clock here is, and however often the page gives
 * the same token again, no storm comes of it.
 */
class RenewalPlan {
  #longest = 0; #soonInARow = 0;

  /** Milliseconds to wait; null for not at all. Both times as numbers, NaN where there is none. */
  next(end, serverTime) {
    const told = !Number.isNaN(serverTime);
    const left = end - (told ? serverTime : Date.now());
    if (Number.isNaN(left) || (!told && left <= 0)) return null; // no end; or this clock is wrong: 'token_expired' tells
    const lead = Math.max(left - Math.min(60000, left / 5), 1000); // a fifth of what is left ahead, a minute at most
    if (told) {
      this.#longest = Math.max(this.#longest, left);
      return Math.max(lead, this.#longest / 20);
    }
    if (lead >= 30000) {
      this.#soonInARow = 0;
      return lead;
    }
    return Math.max(lead, 1000 * 2 ** Math.min(this.#soonInARow++, 8)); // suspect: only the clock here says so
  }
}

/** How many messages may go out: a bucket that fills steadily. */
class Pace {
  #perMs; #burst; #tokens; #filledAt = performance.now();

  constructor(perSecond, burst) {
    this.#perMs = perSecond / 1000;
    this.#burst = this.#tokens = burst;
  }

  /** Takes so many, or the whole burst; or takes none, and says in how many milliseconds they are there. */
  take(wanted) {
    const cost = Math.min(wanted, this.#burst);
    const now = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
    if (this.#tokens < cost) return Math.ceil((cost - this.#tokens) / this.#perMs) + 1;
    this.#tokens -= cost;
    return 0;
  }
}

/** How many bytes an answer may have, and how many messages a call costs that names users. */
function answerOf(method, params) {
  const users = params.user_ids?.length ?? 0;
  switch (method) {
    case 'presence.unwatch': return { answer: 0, cost: costOf(users) };
    case 'presence.get':
    case 'presence.watch': return { answer: PRESENCE * users, cost: costOf(users) };
    case 'room.members': return { answer: MEMBERS };
    default: return { answer: 0, ofAnyLength: !SHORT.has(method) };
  }
}

/** What a line holds; null when that is no object. */
function readObject(line) {
  try {
    const read = JSON.parse(line);
    return typeof read === 'object' && !Array.isArray(read) ? read : null;
  } catch {
    return null;
  }
}

function added(listeners, event, listener) {
  if (!listeners.has(event)) listeners.set(event, new Set());
  listeners.get(event).add(listener);
  return () => listeners.get(event).delete(listener);
}

function higher(one, other) {
  return one === null || (other !== null && other > one) ? other : one;
}

/** The page says that this user may not have a token: no later attempt will do better. */
function isFinal(error) {
  return error?.code === 'RT_UNAUTHORIZED' || error?.code === 'RT_FORBIDDEN';
}

async function value(option, argument) {
  return typeof option === 'function' ? option(argument) : option;
}

function pause(wait) {
  return new Promise((resolve) => { setTimeout(resolve, wait); });
}

async function within(wait, promise, otherwise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new RealtimeError('RT_UNAVAILABLE', otherwise)), wait);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
