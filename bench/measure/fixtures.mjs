/**
 * The tokens that every contender gets: shaped like Cognito's access tokens, about 1.1 KB, all distinct. They are minted once and
 * stored in a temporary folder, because minting in a worker would be measured too.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importLibrary } from './library.mjs'
import { createMint } from './mint.mjs'

/** Mints this many tokens for each algorithm. Returns the folder, and a function that removes it. */
export async function createFixtures(counts) {
  const { createTestIssuer } = await importLibrary('testing')
  const issuer = await createTestIssuer({ algorithms: ['ES256', 'EdDSA'] })
  const folder = mkdtempSync(join(tmpdir(), 'jwt-gate-bench-'))
  for (const [alg, count] of Object.entries(counts)) {
    const mint = await createMint(issuer, alg)
    writeFileSync(join(folder, `${alg}.txt`), (await mint.many(count)).join('\n'), 'latin1')
    const { issuer: iss, userPoolId, clientId } = issuer
    // as in a user pool: one more key than is in use
    const keys = issuer.jwks.keys.filter((key) => key.alg === alg)
    const setup = {
      alg,
      issuer: iss,
      userPoolId,
      clientId,
      jwks: { keys },
      refused: await mint.bad(),
    }
    writeFileSync(join(folder, `${alg}.json`), JSON.stringify(setup))
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The issuer's data that a contender needs, and tokens that it must reject. */
export function readSetup(folder, alg) {
  return JSON.parse(readFileSync(join(folder, `${alg}.json`), 'utf8'))
}

/** The tokens, each a separate flat string, as HTTP delivers them. */
export function readTokens(folder, alg, max) {
  return [...walkTokens(readTokenBytes(folder, alg), max)]
}

export function readTokenBytes(folder, alg) {
  return readFileSync(join(folder, `${alg}.txt`))
}

/** One token after another, for contenders that must not keep them in memory. */
export function* walkTokens(bytes, max = Number.POSITIVE_INFINITY) {
  let start = 0
  for (let count = 0; start < bytes.length && count < max; count++) {
    const newline = bytes.indexOf(10, start)
    const end = newline < 0 ? bytes.length : newline
    yield bytes.toString('latin1', start, end)
    start = end + 1
  }
}
