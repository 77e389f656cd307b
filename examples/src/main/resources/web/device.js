/** One device of a user: a connection of realtime.js, and what it has received. */
import { Realtime } from './realtime.js';
import { count } from './counters.js';
import { logFrame } from './frames.js';

export class Device {
  notifications = []; // newest first
  unread = { count: 0, capped: false };
  presences = new Map(); // user id → status, as this device was told
  presenceChanges = 0;
  connection = { state: 'closed', node: null };
  chat = [];
  members = [];
  arrivals = new Map(); // id → milliseconds from send() until it was here
  order = []; // ids, as they arrived

  constructor(user, kind, urls, setup, changed) {
    Object.assign(this, { user, kind, urls, setup, changed });
    count.expectDevice(user.id, this);
  }

  get name() { return `${this.user.name} · ${this.kind}`; }

  /** Opens the page anew: nothing in memory, the list from the server. */
  async open() {
    this.notifications = [];
    this.#connect(null);
    await this.realtime.connect();
    await this.#loadList();
  }

  /** What a reload does: the page is gone without a word, and a new one opens. */
  reload() {
    this.realtime.close();
    return this.open();
  }

  goOffline() { this.realtime.close(); }

  /** Comes back with its cursor: what was missed arrives by itself. */
  comeBack() { return this.realtime.connect(); }

  async read(id) {
    await this.realtime.call('notification.read', { id });
    this.#markRead([id]);
  }

  say(text) {
    return this.realtime.publish(this.setup.room, 'chat.message', { from: this.user.name, text });
  }

  #connect(cursor) {
    const realtime = new Realtime({
      url: this.urls, cursor, token: async () => (await post('/demo/token', { user: this.user.id })).token,
    });
    this.realtime = realtime;
    realtime.on('frame', (frame) => logFrame(this, frame));
    realtime.on('state', (connection) => { this.connection = connection; this.changed(this); });
    realtime.on('unread', (unread) => { this.unread = unread; this.changed(this); });
    realtime.on('connected', (welcome) => { this.cursorAtConnect = welcome.cursor; });
    realtime.on('notification.new', (notification) => this.#arrived(notification));
    realtime.on('notification.read', ({ ids }) => this.#markRead(ids));
    realtime.on('notification.read_all', ({ up_to: upTo }) => this.#markRead(
      this.notifications.filter(({ id }) => id <= upTo).map(({ id }) => id)));
    realtime.on('notification.deleted', ({ id }) => {
      this.notifications = this.notifications.filter((one) => one.id !== id);
      this.changed(this);
    });
    realtime.on('presence.changed', ({ user_id: id, status }) => {
      if (this.presences.has(id) && this.presences.get(id) !== status) this.presenceChanges++;
      this.presences.set(id, status);
      this.changed(this);
    });
    realtime.watch(this.setup.users.map(({ id }) => id));
    if (this.kind === 'laptop') {
      realtime.on('joined', () => this.#loadMembers());
      realtime.on('room.user_joined', () => this.#loadMembers());
      realtime.on('room.user_left', () => this.#loadMembers());
      realtime.on('chat.message', (message) => { this.chat.push(message); this.changed(this); });
      realtime.join(this.setup.room);
    }
  }

  #arrived(notification) {
    this.notifications.unshift(notification);
    this.arrivals.set(notification.id, Date.now() - notification.data.sent_at);
    this.order.push(notification.id);
    count.delivered(this, notification.id);
    this.changed(this);
  }

  async #loadList() {
    const { notifications } = await this.realtime.call('notification.list', { limit: 50 });
    const known = new Set(notifications.map(({ id }) => id));
    const live = this.notifications.filter(({ id }) => !known.has(id) && id > (notifications[0]?.id ?? ''));
    this.notifications = [...live, ...notifications];
    this.changed(this);
  }

  async #loadMembers() {
    const { members } = await this.realtime.call('room.members', { room: this.setup.room, limit: 20 });
    this.members = members.map(({ user_id: id }) => this.setup.users.find((user) => user.id === id)?.name ?? id);
    this.changed(this);
  }

  #markRead(ids) {
    const now = new Date().toISOString();
    for (const one of this.notifications) if (ids.includes(one.id)) one.read_at ??= now;
    this.changed(this);
  }
}

/** The demo's own control calls: what a host application does by itself. */
export async function post(path, body) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error ?? `${path}: ${answer.status}`);
  return json;
}
