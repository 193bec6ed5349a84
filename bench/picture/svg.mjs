/**
 * The elements of the picture, as text. Colours are classes, because they differ between light and dark.
 */

export const WIDTH = 900
export const PANEL_WIDTH = 420
export const GAP = 40

export const STYLE = `
    text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
    .title { font-weight: 600; font-size: 13px }
    .note, .tick { fill: #59636e; font-size: 11px }
    .page { fill: #ffffff }
    .ours { fill: #0969da }
    .peer { fill: #afb8c1 }
    .line { fill: none; stroke: #0969da; stroke-width: 2 }
    .axis { stroke: #d1d9e0 }
    .mark { stroke: #9a6700; stroke-dasharray: 3 3 }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .note, .tick { fill: #9198a1 }
      .page { fill: #0d1117 }
      .ours { fill: #4493f8 }
      .peer { fill: #656c76 }
      .line { stroke: #4493f8 }
      .axis { stroke: #3d444d }
      .mark { stroke: #d29922 }
    }
  `

export function text(x, y, content, { kind = '', anchor = 'start' } = {}) {
  const attributes = [`x="${round(x)}" y="${round(y)}"`]
  if (kind) attributes.push(`class="${kind}"`)
  if (anchor !== 'start') attributes.push(`text-anchor="${anchor}"`)
  return `<text ${attributes.join(' ')}>${escapeXml(content)}</text>`
}

export function rect(x, y, width, height, kind) {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" class="${kind}"/>`
}

export function line([x1, y1], [x2, y2], kind) {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${kind}"/>`
}

export function polyline(points, kind) {
  return `<polyline points="${points.map((point) => point.map(round).join(',')).join(' ')}" class="${kind}"/>`
}

/** Moves elements to a place. */
export function group(x, y, elements) {
  return `<g transform="translate(${round(x)} ${round(y)})">\n${elements.join('\n')}\n</g>`
}

export function escapeXml(content) {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
}

/** 1,234 or 12.3 */
export function toLabel(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(round(value))
}

function round(value) {
  return Math.round(value * 10) / 10
}
