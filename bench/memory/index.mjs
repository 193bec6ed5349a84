/**
 * Memory: the cost of a cached token, and what remains after a flood of tokens.
 */
import { runChild } from '../measure/child.mjs'
import { toBar, toCount, toFixed, toSpread, toTable } from '../measure/markdown.mjs'
import { runRounds, spreadOf } from '../measure/statistics.mjs'
import { CACHES } from './caches.mjs'

const FILL = new URL('fill.mjs', import.meta.url)
const FLOOD = new URL('flood.mjs', import.meta.url)
const nodeArguments = ['--expose-gc']

export async function measureMemory({ folder, settings, log }) {
  const { rounds, filled, flooded } = settings
  const fills = await runRounds(rounds, Object.keys(CACHES), async (name, round) => {
    const figures = await runChild(FILL, { folder, name, max: filled }, { nodeArguments })
    log(`memory round ${round + 1}: ${name}`)
    return figures
  })
  const { megabytes } = await runChild(FLOOD, { count: flooded }, { nodeArguments })
  log('memory: flood')
  const entry = (name) => spreadOf(fills, (round) => round[name].bytesPerToken)
  const rows = Object.entries(CACHES).map(([name, { label }]) => [label, toSpread(entry(name), 0)])
  return {
    text: [
      toTable([`a cache with ${toCount(filled)} RS256 tokens of 1.1 KB`, 'bytes a token'], rows),
      `${toCount(flooded)} distinct tokens through the default cache of jwt-gate left ${toFixed(megabytes, 1)} MB.\n`,
    ].join('\n'),
    bars: [
      toBar(
        'memory of a cached token of 1.1 KB: at most 1.2 KB',
        `${toSpread(entry('jwt-gate'), 0)} bytes`,
        entry('jwt-gate').median <= 1_200,
      ),
      toBar(
        `${toCount(flooded)} distinct tokens through the default cache leave less than 20 MB`,
        `${toFixed(megabytes, 1)} MB`,
        megabytes < 20,
      ),
    ],
  }
}
