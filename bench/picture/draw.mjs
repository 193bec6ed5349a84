/**
 * Draws the results as one SVG: bars in two columns, and below them the curves.
 */
import { drawBars, heightOfBars } from './bars.mjs'
import { CURVE_HEIGHT, drawCurve } from './curves.mjs'
import { escapeXml, GAP, group, PANEL_WIDTH, rect, STYLE, WIDTH } from './svg.mjs'

const MARGIN = 20
const BETWEEN = 28

/**
 * @param parts - what each part of the bench gave: `bars` with rows of a label and a value, and `curves` with points
 * @param about - the text for those who do not see the picture
 */
export function drawResults(parts, about) {
  const all = (name) => Object.values(parts).flatMap((part) => part[name] ?? [])
  const bars = all('bars').map((one) => ({ elements: drawBars(one), height: heightOfBars(one) }))
  const curves = all('curves').map((one) => ({ elements: drawCurve(one), height: CURVE_HEIGHT }))
  const upper = arrange(bars, MARGIN)
  const { groups, height } = arrange(curves, upper.height)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="jwt-gate beside other libraries">`,
    `<desc>${escapeXml(about)}</desc>`,
    `<style>${STYLE}</style>`,
    rect(0, 0, WIDTH, height, 'page'),
    ...upper.groups,
    ...groups,
    '</svg>\n',
  ].join('\n')
}

/** Puts each panel into the shorter of two columns. */
function arrange(panels, top) {
  const columns = [top, top]
  const groups = panels.map(({ elements, height }) => {
    const column = columns[1] < columns[0] ? 1 : 0
    const y = columns[column]
    columns[column] += height + BETWEEN
    return group(MARGIN + column * (PANEL_WIDTH + GAP), y, elements)
  })
  return { groups, height: Math.max(...columns) }
}
