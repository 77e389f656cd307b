/** The frame log. */
import { h } from './html.js';

const KEPT = 300; // the oldest rows go first
const list = document.getElementById('frames');
const total = document.getElementById('frame-count');
const calls = new Map(); // device and call id → when it was sent
let frames = 0;

export function logFrame(device, { direction, text }) {
  const now = performance.now();
  const message = text.startsWith('{"') && !text.includes('…') ? JSON.parse(text) : {};
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const node = message.data?.server_id ?? device.connection.node ?? '';
  list.append(h('li', { class: `frame ${direction} ${node}` },
    h('span', { class: 'at' }, (now / 1000).toFixed(3)),
    h('span', { class: 'who' }, device.name),
    h('span', { class: `node ${node}` }, node),
    h('span', { class: 'arrow', title: direction === 'in' ? 'received' : 'sent' }, direction === 'in' ? '←' : '→'),
    h('span', { class: 'text' }, h('b', {}, name(message, text)), ' ', rest(message)),
    h('span', { class: 'ms' }, took(device, direction, message, now))));
  if (list.childElementCount > KEPT) list.firstChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
  total.textContent = ++frames;
}

function name(message, text) {
  if (message.event) return message.event;
  if (message.method) return message.method;
  if (message.error) return message.error.code;
  if (message.result) return 'result';
  return text === '{}' ? 'heartbeat' : text;
}

function rest({ data, params, result, error, room, id }) {
  const payload = data ?? params ?? result ?? error?.message;
  const where = room ? `${room} ` : '';
  return `${id ? `#${id} ` : ''}${where}${payload === undefined ? '' : JSON.stringify(payload)}`;
}

/** A call's round trip; a notification's way from send() to here. */
function took(device, direction, message, now) {
  const key = `${device.name} ${message.id}`;
  if (direction === 'out') {
    if (message.id) calls.set(key, now);
    return '';
  }
  if (message.data?.data?.sent_at) return duration(Date.now() - message.data.data.sent_at);
  const sent = calls.get(key);
  calls.delete(key);
  return sent === undefined ? '' : duration(now - sent);
}

function duration(ms) {
  return ms < 1000 ? `${Math.max(0, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}
