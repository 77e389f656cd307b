/** The steps in the middle: a sentence, buttons, the Java behind them, and what was counted. */
import { count } from './counters.js';
import { post } from './device.js';
import { h, java } from './html.js';

/** Waits until something is so; says what was awaited when it does not become so. */
async function until(what, condition, timeout = 15000) {
  const end = performance.now() + timeout;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`still waiting for: ${what}`);
    await new Promise((done) => setTimeout(done, 15));
  }
}

const both = (devices, action) => Promise.all(devices.map(action));
const badges = (devices) => devices.map((device) => device.unread.count).join(' and ');

export function steps({ anna, ben, setup, nodes }) {
  const pairs = [[anna, ben], [ben, anna]];

  async function notify(from, to, say) {
    const { id } = await post('/demo/notify', { from: from.user.id, to: to.user.id });
    await until('both devices', () => to.devices.every((device) => device.arrivals.has(id)));
    say(`on laptop and phone after ${to.devices.map((device) => device.arrivals.get(id)).join(' and ')} ms`);
  }

  async function away(user, other, say) {
    const newest = user.devices[0].notifications[0];
    if (user.devices[0].unread.count && newest) {
      await user.devices[0].realtime.call('notification.read_all', { up_to: newest.id });
    }
    await until('an empty badge', () => user.devices.every((device) => device.unread.count === 0));
    user.devices.forEach((device) => device.goOffline());
    say(`${user.user.name} is away; waiting until ${other.user.name} sees it …`);
    await until('the grey dot', () => other.devices[0].presences.get(user.user.id) === 'OFFLINE', 30000);
    const { ids } = await post('/demo/three', { to: user.user.id });
    const before = user.devices[0].order.length;
    await both(user.devices, (device) => device.comeBack());
    await until('all three', () => user.devices.every((device) => ids.every((id) => device.arrivals.has(id))));
    const ordered = user.devices[0].order.slice(before).join() === ids.join();
    say(`badge ${badges(user.devices)}, ${ordered ? 'in order' : 'NOT in order'}`);
  }

  async function reload(user, other, say) {
    const seenBefore = other.devices[0].presenceChanges;
    await both(user.devices, (device) => device.reload());
    await new Promise((done) => setTimeout(done, setup.grace_ms + 1500)); // longer than a flicker would take
    say(`back on ${user.devices[0].connection.node}; ${other.user.name} saw ${other.devices[0].presenceChanges - seenBefore} changes of the dot`);
  }

  async function rollBack(from, to, say) {
    const before = to.devices[0].order.length;
    const { rows } = await post('/demo/roll-back', { from: from.user.id, to: to.user.id });
    await new Promise((done) => setTimeout(done, 2500)); // the relay would have found it by now
    say(`${rows} rows stored, ${to.devices[0].order.length - before} received`);
  }

  async function readOne(user, other, say) {
    if (user.devices[0].unread.count === 0) await notify(other, user, () => {});
    const before = user.devices[1].unread.count;
    await user.devices[0].realtime.call('inbox.read_newest');
    await until('the other badge', () => user.devices[1].unread.count === before - 1);
    say(`read on the laptop; the phone went from ${before} to ${user.devices[1].unread.count}`);
  }

  async function busy(user, other, say) {
    const wanted = other.devices[0].presences.get(user.user.id) === 'BUSY' ? 'ONLINE' : 'BUSY';
    const start = performance.now();
    await post('/demo/status', { user: user.user.id, status: wanted });
    await until('the dot', () => other.devices.every((device) => device.presences.get(user.user.id) === wanted));
    say(`${other.user.name} sees ${wanted} after ${Math.round(performance.now() - start)} ms`);
  }

  async function stopNode(say) {
    const movers = [...anna.devices, ...ben.devices].filter((device) => device.connection.node === 'node-a');
    await post('/demo/node', { action: 'stop' });
    nodes.set('node-a', 'stopped');
    const { id } = await post('/demo/notify', { from: ben.user.id, to: anna.user.id }); // they are on their way
    await until('everybody on node-b', () => movers.every((device) => device.connection.node === 'node-b'), 30000);
    const got = () => anna.devices.filter((device) => device.arrivals.has(id)).length;
    await until('what was sent meanwhile', () => got() === anna.devices.length);
    say(`${movers.length} devices moved to node-b; what was sent meanwhile is on ${got()} of 2`);
  }

  async function startNode(say) {
    await post('/demo/node', { action: 'start' });
    nodes.set('node-a', 'serving');
    const homeless = [...anna.devices, ...ben.devices].filter((device) => device.urls[0] === setup.nodes[0].url);
    await both(homeless, (device) => device.reload());
    say(`${homeless.length} devices are back on ${homeless[0].connection.node}`);
  }

  async function announce(say) {
    const before = [anna, ben].map((one) => one.devices[0].chat.length);
    await post('/demo/announce', {});
    await until('both rooms', () => [anna, ben].every((one, index) => one.devices[0].chat.length > before[index]));
    say('heard by both members');
  }

  const each = (verb, action) => pairs.map(([one, other]) => ({ label: verb(one.user.name, other.user.name), run: (say) => action(one, other, say) }));
  return [
    { key: 'notify', title: 'Notify the other', text: 'Stored in PostgreSQL, then pushed to every device of the receiver, on whichever node it is.', buttons: each((a, b) => `${a} → ${b}`, notify) },
    { key: 'away', title: 'Go offline, send 3, come back', text: 'What was missed arrives by itself: from a cursor, oldest first, nothing twice.', buttons: each((a) => `${a} leaves`, away) },
    { key: 'roll-back', title: 'Send and roll back', text: 'The notification is part of your own transaction. Rolled back, it never was.', buttons: each((a, b) => `${a} → ${b}`, rollBack) },
    { key: 'read', title: 'Read in one tab', text: 'The badge on the other device follows at once, across nodes.', buttons: each((a) => `${a} reads`, readOne) },
    { key: 'busy', title: 'BUSY', text: 'A status belongs to the user, not to a socket; everybody who watches is told.', buttons: each((a) => `${a} is BUSY`, busy) },
    { key: 'reload', title: 'Reload', text: 'Both devices close and reconnect. Within the grace time nobody sees it.', buttons: each((a) => `${a} reloads`, reload) },
    { key: 'node', title: 'Stop node A', text: 'It tells its clients to leave, and closes. They resume on node B.', buttons: [{ label: 'Stop node A', run: stopNode }, { label: 'Start node A', run: startNode }] },
    { key: 'room', title: 'Speak to the room', text: 'Members hear what the host publishes, and each other.', buttons: [{ label: 'Announce', run: announce }] },
  ];
}

/** Draws the steps. One runs at a time, so that the figures belong to the button. */
export function drawStory(root, all, snippets) {
  const buttons = [];
  let running = Promise.resolve();
  root.replaceChildren(...all.map((step, index) => {
    const result = h('output', { class: 'result', 'data-step': step.key, 'data-runs': 0 });
    const say = (text) => { result.textContent = text; };
    const press = (button, run) => async () => {
      buttons.forEach((one) => { one.disabled = true; });
      result.className = 'result running';
      say('…');
      try {
        await run(say);
        await count.refresh();
        result.className = 'result done';
      } catch (error) {
        result.className = 'result failed';
        say(error.message);
      }
      result.dataset.runs = Number(result.dataset.runs) + 1;
      buttons.forEach((one) => { one.disabled = false; });
    };
    return h('article', { class: 'step card', id: `step-${step.key}` },
      h('div', { class: 'step-head' }, h('span', { class: 'number' }, String(index + 1)),
        h('div', {}, h('h3', {}, step.title), h('p', {}, step.text))),
      h('div', { class: 'buttons' }, step.buttons.map(({ label, run }) => {
        const button = h('button', {}, label);
        button.addEventListener('click', () => { running = running.then(press(button, run)); });
        buttons.push(button);
        return button;
      }), result),
      h('details', { class: 'lines', open: true }, h('summary', {}, 'Java'), java(snippets[step.key])));
  }));
}
