/** Elements without a framework. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== false));
  return element;
}

/** Java, coloured: comments, strings, words of the language, types, calls. */
export function java(source) {
  const parts = /(\/\/[^\n]*)|("(?:\\.|[^"\\])*")|\b(try|new|return|final|var|if|for|while|int|long|boolean|void|null|true|false|throws)\b|\b([A-Z]\w*)\b|\b(\w+)(?=\()/g;
  const classes = [null, 'comment', 'string', 'word', 'type', 'call'];
  const code = h('code');
  let end = 0;
  for (const match of source.matchAll(parts)) {
    code.append(source.slice(end, match.index));
    const kind = match.findIndex((group, index) => index > 0 && group !== undefined);
    code.append(h('span', { class: classes[kind] }, match[0]));
    end = match.index + match[0].length;
  }
  code.append(source.slice(end));
  return h('pre', { class: 'java' }, code);
}

export const icons = {
  bell: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 10a6 6 0 1 1 12 0c0 4.5 1.8 6 1.8 6H4.2S6 14.500 6 10Z"/><path d="M10 19.500a2 2 0 0 0 4 0"/></svg>',
};

export function icon(name) {
  const template = document.createElement('template');
  template.innerHTML = icons[name];
  return template.content.firstChild;
}
