/** Puts the page together. */
import { count } from './counters.js';
import { Device } from './device.js';
import { h } from './html.js';
import { person } from './person.js';
import { drawStory, steps } from './story.js';

const setup = await (await fetch('/demo/setup')).json();
const [nodeA, nodeB] = setup.nodes.map(({ url }) => url);
const draws = new Map();
const waiting = new Set();

/** Draws a user's column once per frame of the screen, however much has changed. */
function changed({ user }) {
  if (waiting.has(user.id)) return;
  waiting.add(user.id);
  requestAnimationFrame(() => { waiting.delete(user.id); draws.get(user.id)(); });
}

function arrange(user, home, away) {
  // The laptop lives on one node and the phone on the other; either goes where it can.
  const devices = [new Device(user, 'laptop', [home, away], setup, changed), new Device(user, 'phone', [away, home], setup, changed)];
  draws.set(user.id, person(document.getElementById(user.name.toLowerCase()), user, devices, setup));
  draws.get(user.id)();
  return { user, devices };
}

const nodes = {
  states: new Map(setup.nodes.map(({ id, state }) => [id, state])),
  set(id, state) { this.states.set(id, state); this.draw(); },
  draw() {
    document.getElementById('nodes').replaceChildren(...setup.nodes.map(({ id, url }) =>
      h('li', { class: `${id} ${this.states.get(id)}`, 'data-node': id, 'data-state': this.states.get(id) },
        h('b', {}, id), h('span', {}, this.states.get(id) === 'serving' ? `:${new URL(url).port}` : 'stopped'))));
  },
};

nodes.draw();
const anna = arrange(setup.users[0], nodeA, nodeB);
const ben = arrange(setup.users[1], nodeB, nodeA);
drawStory(document.getElementById('story'), steps({ anna, ben, setup, nodes }), setup.snippets);
await count.refresh();
await Promise.all([...anna.devices, ...ben.devices].map((device) => device.open()));
document.body.dataset.ready = 'true';
