/**
 * A flood of forged ES512 tokens: how long everything else waits that needs the thread pool or the main thread.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from '../measure/child.mjs'
import { importLibrary } from '../measure/library.mjs'
import { toBar, toCount, toFixed, toSpread, toTable } from '../measure/markdown.mjs'
import { createMint } from '../measure/mint.mjs'
import { runRounds, spreadOf } from '../measure/statistics.mjs'

const FLOODED = new URL('flooded.mjs', import.meta.url)
const CONTENDERS = {
  'jwt-gate': 'jwt-gate `verify`',
  jose: 'jose `jwtVerify`',
  aws: 'aws-jwt-verify `verify`',
}
const WAITING = {
  calls: 'the calls themselves',
  file: 'a file read',
  dns: 'a DNS lookup',
  RS256: 'a good RS256 token',
  ES512: 'a good ES512 token',
  all: 'the last forged token',
}

export async function measureFlood({ folder, settings, log }) {
  const { rounds, forged } = settings
  await writeTokens(folder, forged)
  log('flood: tokens minted')
  const measured = await runRounds(rounds, Object.keys(CONTENDERS), async (name, round) => {
    const figures = await runChild(FLOODED, { folder, name })
    log(`flood round ${round + 1}: ${name}`)
    return figures
  })
  return report(measured, forged)
}

/** Forged tokens: each has the signature of the next one, so that it costs as much as a good one. */
async function writeTokens(folder, count) {
  const { createTestIssuer } = await importLibrary('testing')
  const testIssuer = await createTestIssuer({ algorithms: ['ES512'] })
  const { issuer, clientId, jwks } = testIssuer
  const mint = await createMint(testIssuer, 'ES512')
  const signed = (await mint.many(count)).map((token) => token.split('.'))
  const forged = signed.map(([header, payload], at) =>
    [header, payload, signed[(at + 1) % count][2]].join('.'),
  )
  const good = {
    ES512: await mint.many(2),
    RS256: await (await createMint(testIssuer, 'RS256')).many(2),
  }
  writeFileSync(
    join(folder, 'flood.json'),
    JSON.stringify({ issuer, clientId, jwks, forged, good }),
  )
}

function report(rounds, forged) {
  const figure = (name, what) => spreadOf(rounds, (round) => round[name][what])
  const rows = Object.entries(WAITING).map(([what, label]) => [
    label,
    ...Object.keys(CONTENDERS).map((name) => toFixed(figure(name, what).median, 1)),
  ])
  const toMsBar = (what, ms) => {
    const { [what]: label } = WAITING
    const spread = figure('jwt-gate', what)
    return toBar(
      `${toCount(forged)} forged ES512 tokens in flight, ${label} beside them: at most ${ms} ms`,
      `${toSpread(spread, 1)} ms`,
      spread.median <= ms,
    )
  }
  return {
    text: toTable(
      [`ms, beside ${toCount(forged)} forged ES512 tokens`, ...Object.values(CONTENDERS)],
      rows,
    ),
    bars: [toMsBar('file', 25), toMsBar('dns', 25), toMsBar('RS256', 5), toMsBar('ES512', 150)],
  }
}
