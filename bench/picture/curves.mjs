/**
 * How a cost grows, as a line over a logarithmic axis.
 */
import { line, PANEL_WIDTH, polyline, text, toLabel } from './svg.mjs'

export const CURVE_HEIGHT = 210

const LEFT = 44
const TOP = 48
const BOTTOM = 166
const RIGHT = PANEL_WIDTH - 12

export function drawCurve({ title, unit, x, points, marked }) {
  const greatest = Math.max(...points.map(([, value]) => value))
  const top = toRoundNumber(greatest)
  const toX = createScale(points.map(([value]) => value))
  const toY = (value) => BOTTOM - (value / top) * (BOTTOM - TOP)
  return [
    text(0, 14, title, { kind: 'title' }),
    text(0, 31, unit, { kind: 'note' }),
    ...[0, top / 2, top].flatMap((value) => [
      line([LEFT, toY(value)], [RIGHT, toY(value)], 'axis'),
      text(LEFT - 6, toY(value) + 4, toLabel(value), { kind: 'tick', anchor: 'end' }),
    ]),
    ...(marked ? [line([toX(marked), TOP], [toX(marked), BOTTOM], 'mark')] : []),
    polyline(
      points.map(([at, value]) => [toX(at), toY(value)]),
      'line',
    ),
    ...toTicks(points, toX).map(([at, value]) =>
      text(at, BOTTOM + 17, toLabel(value), { kind: 'tick', anchor: 'middle' }),
    ),
    text((LEFT + RIGHT) / 2, BOTTOM + 35, x, { kind: 'note', anchor: 'middle' }),
  ]
}

function createScale(values) {
  const [from, to] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))]
  return (value) => LEFT + 10 + ((Math.log(value) - from) / (to - from)) * (RIGHT - LEFT - 30)
}

/** The values that have room, from the greatest down. */
function toTicks(points, toX) {
  const ticks = []
  for (const [value] of points.toReversed()) {
    const at = toX(value)
    if (ticks.length === 0 || ticks.at(-1)[0] - at > 40) ticks.push([at, value])
  }
  return ticks
}

/** The next of 1, 2, 4, 6, 10, 20 and so on. */
function toRoundNumber(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 6, 10].map((factor) => factor * power).find((one) => one >= value)
}
