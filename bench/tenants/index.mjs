/**
 * Thousands of tenants: with keys in one place, and each with keys of its own.
 */
import { join } from 'node:path'
import { runChild } from '../measure/child.mjs'
import { toBar, toCount, toFixed, toSpread, toTable } from '../measure/markdown.mjs'
import { runRounds, spreadOf } from '../measure/statistics.mjs'
import { serveTenants } from './key-server.mjs'
import { writeTokens } from './tokens.mjs'

const MEMORY = new URL('memory.mjs', import.meta.url)
const RATES = new URL('rates.mjs', import.meta.url)
const HOUR = new URL('hour.mjs', import.meta.url)
const nodeArguments = ['--expose-gc']
const MINUTES_TO_FILL = 30
const SHAPES = {
  listed: 'listed, keys in one place',
  found: 'found by a function, keys in one place',
  own: 'found by a function, each with keys of its own',
}

export async function measureTenants({ folder, settings, log }) {
  const { rounds, tenants, active, turns, turnMs } = settings
  const server = await serveTenants(writeTokens(folder, tenants))
  log('tenants: tokens minted')
  const { origin } = server
  const files = { all: join(folder, 'tenants.txt'), one: join(folder, 'one-tenant.txt') }
  try {
    const memory = await runRounds(rounds, Object.keys(SHAPES), async (shape, round) => {
      const input = { file: files.all, shape, count: tenants, origin }
      const figures = await runChild(MEMORY, input, { nodeArguments })
      log(`tenants round ${round + 1}: ${shape}`)
      // two verifiers
      return { ...figures, fetches: sum(server.takeRequests().values()) / 2 }
    })
    const rates = await runRounds(rounds, ['all'], async (_name, round) => {
      const figures = await runChild(RATES, { files, origin, turns, turnMs })
      log(`tenants round ${round + 1}: rates`)
      return figures
    })
    server.takeRequests()
    const hour = await runChild(HOUR, { file: files.all, origin, active }, { nodeArguments })
    log('tenants: an hour')
    const fetches = server.takeRequests()
    return report({ memory, rates: rates.map(({ all }) => all), hour, fetches }, settings)
  } finally {
    server.close()
  }
}

function report({ memory, rates, hour, fetches }, { tenants, active }) {
  const figure = (shape, name) => spreadOf(memory, (round) => round[shape][name])
  const rate = (shape) => spreadOf(rates, (round) => round[shape].rate / round.one.rate)
  const rows = Object.entries(SHAPES).map(([shape, label]) => [
    label,
    toCount(figure(shape, 'fetches').median),
    toSpread(figure(shape, 'heap'), 0),
    toSpread(figure(shape, 'resident'), 0),
    shape === 'own' ? '–' : toSpread(rate(shape)),
  ])
  // at first, and at four fifths of the lifetime of an hour
  const ofActive = Array.from({ length: active }, (_, at) => fetches.get(`/${at}/keys`))
  const most = Math.max(...ofActive)
  const megabytes = hour.memory.map((bytes) => toFixed(bytes / 1e6, 1))
  // until then, the caches fill
  const growth = hour.memory.at(-1) / hour.memory.at(MINUTES_TO_FILL / 10)
  return {
    text: [
      toTable(
        [
          `${toCount(tenants)} tenants, a token of each`,
          'fetches',
          'bytes a tenant, heap',
          'bytes a tenant, resident',
          'rate of distinct tokens, that of one tenant is 1',
        ],
        rows,
      ),
      `An hour of simulated time with the default limits, each of ${toCount(tenants)} tenants with keys of its own: ` +
        `${toCount(active)} send a token every minute, all others three at once. Requests for the keys of one of the former: ` +
        `${Math.min(...ofActive)} to ${most}; all requests: ${toCount(sum(fetches.values()))}. ` +
        `Memory in use every ten minutes: ${megabytes.join(', ')} MB.\n`,
    ].join('\n'),
    bars: [
      ...['listed', 'found'].flatMap((shape) => [
        toBar(
          `tenants ${SHAPES[shape]}: 1 fetch`,
          toCount(figure(shape, 'fetches').median),
          figure(shape, 'fetches').max === 1,
        ),
        toBar(
          'the same: at least 0.9 of the rate of one tenant',
          toSpread(rate(shape)),
          rate(shape).median >= 0.9,
        ),
        toBar(
          'the same: at most 1 KB a tenant',
          `${toSpread(figure(shape, 'heap'), 0)} bytes`,
          figure(shape, 'heap').median <= 1_000,
        ),
      ]),
      toBar(
        'tenants with keys of their own: at most 12 KB a tenant, with the memory of OpenSSL',
        `${toSpread(figure('own', 'resident'), 0)} bytes`,
        figure('own', 'resident').median <= 12_000,
      ),
      toBar(
        'an hour: no key set of an active tenant is fetched again before it is due',
        `at most ${most} requests a tenant, 2 are due`,
        most === 2,
      ),
      toBar(
        `an hour: memory is the same after 60 minutes as after ${MINUTES_TO_FILL}`,
        `${toFixed(growth)} times`,
        growth <= 1.05,
      ),
    ],
  }
}

function sum(values) {
  let total = 0
  for (const value of values) total += value
  return total
}
