/**
 * The four figures, counted and not asserted: `sent` and `stored` come from the server (stored is a SELECT
 * count(*)), `delivered` counts notifications that every device of the receiver was handed, `duplicates` ids that
 * one device was handed more than once.
 */
const devices = new Map(); // user id → its devices
const handed = new Map(); // device → ids it was handed
let duplicates = 0;
let before = null; // what was there when the page was opened

export const count = {
  expectDevice(userId, device) {
    devices.set(userId, [...(devices.get(userId) ?? []), device]);
    handed.set(device, new Set());
  },

  delivered(device, id) {
    if (handed.get(device).has(id)) duplicates++;
    handed.get(device).add(id);
    show();
  },

  figures: { sent: 0, stored: 0, delivered: 0, duplicates: 0 },

  /** Asks the server for its two. */
  async refresh() {
    const { sent, stored } = await (await fetch('/demo/counts')).json();
    before ??= { sent, stored };
    count.figures.sent = sent - before.sent;
    count.figures.stored = stored - before.stored;
    show();
    return count.figures;
  },
};

function show() {
  count.figures.delivered = 0;
  for (const own of devices.values()) {
    const [first, ...others] = own.map((device) => handed.get(device));
    for (const id of first) if (others.every((ids) => ids.has(id))) count.figures.delivered++;
  }
  count.figures.duplicates = duplicates;
  for (const [name, value] of Object.entries(count.figures)) {
    document.getElementById(`count-${name}`).textContent = value;
  }
}
