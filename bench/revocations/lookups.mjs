/**
 * A cached token, with and without a list of revoked tokens, in one process and in turns: a third of a microsecond is less than
 * two processes differ by.
 */
import { printOutput, readInput } from '../measure/child.mjs'
import { importLibrary } from '../measure/library.mjs'
import { toPages } from './list.mjs'

const HOUR_MS = 3_600_000
const WARM_UP = 10

const { listed, turns, calls } = readInput()
const { createVerifier } = await importLibrary('verify')
const { createRevocations, memoryRevocationStore } = await importLibrary('stores')
const { createTestIssuer } = await importLibrary('testing')
const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const bytes = Buffer.from(await issuer.accessToken())
const verifiers = { without: await createOne(), with: await createOne(await createList()) }

const micros = { without: [], with: [] }
for (let turn = -WARM_UP; turn < turns; turn++) {
  const names = Object.keys(verifiers)
  for (const name of Math.random() < 0.5 ? names : names.toReversed()) {
    const figure = time(verifiers[name])
    if (turn >= 0) micros[name].push(figure)
  }
}
printOutput(micros)
process.exit()

async function createList() {
  const store = memoryRevocationStore()
  for (const page of toPages(listed, issuer.issuer)) await store.append(page)
  const times = { refreshMs: HOUR_MS, maxStaleMs: HOUR_MS }
  return createRevocations({ store, whenStale: 'refuse', ...times })
}

async function createOne(revocations) {
  const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
  const verifier = createVerifier(trusted, revocations && { revocations })
  await verifier.hydrate()
  return verifier
}

/** The CPU time of a call in microseconds. Each call gets a new string, as HTTP delivers it. */
function time({ verifySync }) {
  const started = process.cpuUsage()
  for (let call = 0; call < calls; call++) verifySync(bytes.latin1Slice())
  const { user, system } = process.cpuUsage(started)
  return (user + system) / calls
}
