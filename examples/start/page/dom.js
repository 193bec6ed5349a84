/** Small helpers to build elements. Text is always text: nothing here parses HTML. */

const SVG = 'http://www.w3.org/2000/svg'

const ICONS = {
  passed: 'M3.5 8.5l3 3 6-7',
  failed: 'M4 4l8 8M12 4l-8 8',
  refused: 'M4 4l8 8M12 4l-8 8',
  undecided: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.6M8 12.4v.1',
  skipped: 'M4 8h8',
  waiting: 'M8 4v4l2.5 2.5',
  open: 'M6 3.5l4.5 4.5L6 12.5',
}

export const $ = (id) => document.getElementById(id)

/** An element with attributes and children; texts become text nodes, and `undefined` is left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    element.setAttribute(key, value === true ? '' : value)
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== false))
  return element
}

/** A drawn sign. It always stands beside a word. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', ICONS[name] ?? ICONS.skipped)
  svg.append(path)
  return svg
}

/** A state as a sign and a word. */
export function badge(state, word) {
  return el('span', { class: `badge ${state}` }, icon(state), word)
}

/** Text for screen readers only. */
export function unseen(text) {
  return el('span', { class: 'unseen' }, text)
}

/** Changes a text only if it differs, so that live regions do not repeat themselves. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

let last = Promise.resolve()

/** Does what a button is for after what was begun before it: no token comes in after a reset or a sign-out. */
export function onClick(button, run) {
  button.addEventListener('click', () => {
    last = last.then(run).catch(reportError)
  })
}
