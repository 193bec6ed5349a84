/**
 * For TypeDoc: draws the Mermaid diagrams of the guides, as SVG in the page. The colours are those of the page, in both schemes, and
 * nothing is fetched when it is read. The build fails if an arrow or a text of a diagram is not in the drawing: the renderer leaves
 * out what it does not understand.
 */
import { renderMermaidSVG } from 'beautiful-mermaid'
import { PageEvent, RendererEvent } from 'typedoc'

const BLOCK = /<pre><code class="mermaid">([\s\S]*?)<\/code>(?:<button[\s\S]*?<\/button>)?<\/pre>/g
const COLORS = {
  bg: 'var(--color-background)',
  fg: 'var(--color-text)',
  muted: 'var(--color-text)',
  line: 'var(--color-text-aside)',
  border: 'var(--color-text-aside)',
  surface: 'var(--color-background-secondary)',
}
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" }

export function load(app) {
  let count = 0
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = page.contents?.replace(BLOCK, (_, html) => {
      count++
      return draw(toText(html), page.url)
    })
  })
  app.renderer.on(RendererEvent.END, () => {
    if (count === 0) throw new Error('The guides have no diagrams: has TypeDoc changed its HTML?')
    app.logger.info(`${count} diagrams drawn`)
  })
}

/** @throws an error that names the page */
export function draw(source, page) {
  const svg = renderMermaidSVG(source, { ...COLORS, transparent: true })
  const missing = findMissing(source, svg)
  if (missing.length > 0) {
    throw new Error(`A diagram of ${page} cannot be drawn as it is: ${missing.join(', ')}`)
  }
  return `<figure class="diagram" tabindex="0">${toOwn(svg)}<details><summary>The diagram as text</summary><pre>${toHtml(source)}</pre></details></figure>`
}

/** Without the font of another server, and with rules for this drawing alone. */
function toOwn(svg) {
  return svg
    .replace(/^\s*@import.*$/m, '')
    .replace(/^\s*text \{.*$/m, '.diagram text { font-family: Arial, Helvetica, sans-serif }')
    .replace(/^\s*svg \{/m, '.diagram { margin: 1rem 0; overflow-x: auto } .diagram svg {')
    .replace('<svg ', '<svg role="img" aria-label="Diagram. Its text follows." ')
}

/** What the source has and the drawing has not. */
function findMissing(source, svg) {
  const drawn = toText(svg.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<[^>]+>/g, ' '))
  const words = new Set(drawn.split(/\s+/))
  const labels = [
    ...source.matchAll(/\[([^\]*]+)\]|\{([^}]+)\}|"([^"]+)"|: (.+)$|-- ([^">]+) --/gm),
  ]
  const texts = labels.map((found) => found.slice(1).find(Boolean))
  const missing = texts.filter((text) => toWords(text).some((word) => !words.has(word)))
  const arrows = source.match(/->+/g)?.length ?? 0
  const lines = svg.match(/marker-end=/g)?.length ?? 0
  return lines === arrows ? missing : [...missing, `${arrows} arrows, ${lines} of them drawn`]
}

function toWords(text) {
  return text.replaceAll('"', '').trim().split(/\s+/)
}

function toText(html) {
  return html
    .replace(/<[^>]+>/g, '')
    .replace(/&(\w+|#\w+);/g, (entity, name) => ENTITIES[name] ?? entity)
}

function toHtml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
