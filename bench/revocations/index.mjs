/**
 * What a list of revoked tokens costs: a cached token, the start of a process, and its memory.
 */
import { runChild } from '../measure/child.mjs'
import { toBar, toCount, toFixed, toSpread, toTable } from '../measure/markdown.mjs'
import { median, spreadOf } from '../measure/statistics.mjs'

const LOOKUPS = new URL('lookups.mjs', import.meta.url)
const LOAD = new URL('load.mjs', import.meta.url)
const nodeArguments = ['--expose-gc']

export async function measureRevocations({ settings, log }) {
  const { rounds, listed, turns, calls, entries } = settings
  const lookups = []
  while (lookups.length < rounds) {
    lookups.push(await runChild(LOOKUPS, { listed, turns, calls }))
    log(`revocations round ${lookups.length}`)
  }
  const loaded = await runChild(LOAD, { entries }, { nodeArguments })
  log('revocations: start-up')
  return report(lookups, loaded, settings)
}

function report(lookups, { seconds, cpuSeconds, bytes }, { listed, entries }) {
  const more = spreadOf(lookups, (round) =>
    median(round.with.map((micros, turn) => micros - round.without[turn])),
  )
  const figure = (name) => toFixed(spreadOf(lookups, (round) => median(round[name])).median)
  const rows = [
    ['without a list', figure('without'), ''],
    [`with ${toCount(listed)} entries`, figure('with'), toSpread(more, 3)],
  ]
  return {
    text: [
      toTable(['a cached token, `verifySync`', 'CPU µs a call', 'more'], rows),
      `${toCount(entries)} entries from a store that has them at hand: ${toFixed(seconds, 1)} s until the list is ready`,
      `(${toFixed(cpuSeconds, 1)} s of CPU time), and ${toFixed(bytes, 0)} bytes of memory an entry.\n`,
    ].join('\n'),
    bars: [
      toBar(
        `${toCount(listed)} revocations: a repeated token costs at most 0.3 µs more`,
        `${toSpread(more, 3)} µs`,
        more.median <= 0.3,
      ),
    ],
  }
}
