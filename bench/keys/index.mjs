/**
 * Keys: what a flood of made-up ids, and an endpoint that is down, cost callers with good tokens.
 */
import { runChild } from '../measure/child.mjs'
import { readSetup } from '../measure/fixtures.mjs'
import { serveKeys } from '../measure/jwks-server.mjs'
import { toBar, toFixed, toSpread, toTable } from '../measure/markdown.mjs'
import { runRounds, spreadOf } from '../measure/statistics.mjs'

const CALLERS = new URL('callers.mjs', import.meta.url)

export async function measureKeys({ folder, settings, log }) {
  const { rounds, slices, sliceMs } = settings
  const { jwks } = readSetup(folder, 'RS256')
  const [keys, gone] = [await serveKeys(jwks), await serveKeys(jwks)]
  gone.close()
  const input = { folder, jwksUri: keys.uri, deadUri: gone.uri, slices, sliceMs }
  try {
    const measured = await runRounds(rounds, ['jwt-gate'], async (_name, round) => {
      const figures = await runChild(CALLERS, input)
      log(`keys round ${round + 1}`)
      return figures
    })
    return report(measured.map((round) => round['jwt-gate']))
  } finally {
    keys.close()
  }
}

function report(rounds) {
  const figure = (name) => spreadOf(rounds, (round) => round[name])
  const slowed = spreadOf(rounds, ({ calm, flooded }) => flooded / calm)
  const slowestMs = spreadOf(rounds, ({ slowest }) => slowest / 1e3)
  const rows = [
    ['a token with a known key, first seen', toFixed(figure('calm').median, 1)],
    [
      'the same, while 50 callers send 2,000 made-up key ids a second',
      toFixed(figure('flooded').median, 1),
    ],
    [
      'a refusal while the endpoint is down and left alone, and no keys are there',
      toFixed(figure('backOff').median, 1),
    ],
  ]
  return {
    text: toTable(['jwt-gate `verify`, keys fetched', 'µs from call to answer'], rows),
    bars: [
      toBar(
        'a flood of made-up key ids slows a known key by no more than a tenth',
        `${toSpread(slowed)} times as long`,
        slowed.median <= 1.1,
      ),
      toBar(
        'endpoint down, no keys: calls during back-off fail within 1 ms',
        `${toSpread(slowestMs)} ms, the slowest of 1,000`,
        slowestMs.median <= 1,
      ),
    ],
  }
}
