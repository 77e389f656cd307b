/** A user's column: laptop with list and room, phone with a badge that follows. */
import { h, icon } from './html.js';

export function person(root, user, [laptop, phone], setup) {
  const draft = h('input', { type: 'text', maxlength: 200, placeholder: `Say something as ${user.name}`, 'aria-label': `Message of ${user.name}` });
  const form = h('form', {
    class: 'say',
    onsubmit: (event) => {
      event.preventDefault();
      if (draft.value.trim()) laptop.say(draft.value.trim()).then(() => { draft.value = ''; });
    },
  }, draft, h('button', { class: 'plain', type: 'submit' }, 'Send'));
  const head = h('header');
  const list = h('ul', { class: 'notifications', tabindex: 0 });
  const room = h('div', { class: 'room' });
  const small = h('div', { class: 'phone card' });
  root.replaceChildren(
    h('div', { class: 'laptop card' }, head, list,
      h('div', { class: 'room-box' }, room, form)),
    small);

  return function draw() {
    head.replaceChildren(
      h('div', { class: 'avatar' }, user.name[0]),
      h('div', { class: 'name' },
        h('h2', {}, user.name),
        h('div', { class: 'dots' }, setup.users.map((one) => dot(one, user, laptop)))),
      connection(laptop), bell(laptop));
    list.replaceChildren(...(laptop.notifications.length
      ? laptop.notifications.map((one) => notification(one, laptop))
      : [h('li', { class: 'empty' }, 'No notifications yet.')]));
    room.replaceChildren(
      h('div', { class: 'room-head' }, h('b', {}, `# ${setup.room}`),
        h('span', { class: 'members' }, laptop.members.length ? laptop.members.join(', ') : '…')),
      h('ol', { class: 'chat' }, laptop.chat.slice(-30).map(({ from, text }) =>
        h('li', { class: from === user.name ? 'own' : '' }, h('span', { class: 'from' }, from), ' ', text))));
    room.lastChild.scrollTop = 1e6;
    small.replaceChildren(
      h('div', { class: 'phone-head' },
        h('b', {}, 'Phone'), h('div', { class: 'dots' }, setup.users.map((one) => dot(one, user, phone))),
        connection(phone), bell(phone)),
      h('ul', { class: 'notifications' }, phone.notifications.slice(0, 2).map((one) => notification(one, phone))));
  };
}

function dot(one, owner, device) {
  const status = device.connection.state === 'connected' ? device.presences.get(one.id) ?? 'OFFLINE' : 'UNKNOWN';
  return h('span', { class: `dot ${status}`, 'data-user': one.name, 'data-status': status, title: `${one.name}: ${status.toLowerCase()}` },
    one.id === owner.id ? 'me' : one.name, h('small', {}, status.toLowerCase()));
}

function connection(device) {
  const { state, node, retryIn } = device.connection;
  const text = { connected: node, connecting: 'connecting…', waiting: `back in ${retryIn} ms`, closed: 'offline' }[state];
  return h('span', { class: `connection ${state} ${node ?? ''}`, 'data-state': state, title: `${device.kind}: ${state}` }, text);
}

function bell(device) {
  const { count, capped } = device.unread;
  const label = `${count}${capped ? '+' : ''}`;
  return h('span', { class: `bell${count ? ' ringing' : ''}`, role: 'status', 'aria-label': `${label} unread on the ${device.kind}` },
    icon('bell'), h('span', { class: 'badge', 'data-count': count }, label));
}

function notification(one, device) {
  const took = device.arrivals.get(one.id);
  const unread = !one.read_at;
  return h('li', { class: `notification ${one.type} ${unread ? 'unread' : 'read'}`, 'data-id': one.id },
    h('div', { class: 'what' }, h('b', {}, one.title), one.body ? h('p', {}, one.body) : null),
    h('span', { class: 'when' }, took === undefined ? one.created_at.slice(11, 19) : `${Math.max(0, took)} ms`),
    unread ? h('button', { class: 'mark', title: 'Mark as read', 'aria-label': `Mark "${one.title}" as read`, onclick: () => device.read(one.id).catch(() => {}) }) : null);
}
