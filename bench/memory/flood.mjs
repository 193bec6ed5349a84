/**
 * What remains after many more distinct tokens than the default cache holds. They are signed with Ed25519, which is minted fast,
 * in batches that are dropped. Needs `--expose-gc`.
 */
import { printOutput, readInput } from '../measure/child.mjs'
import { importLibrary } from '../measure/library.mjs'
import { createMint } from '../measure/mint.mjs'
import { createJwtGate } from '../tokens/jwt-gate.mjs'
import { memoryInUse } from './memory-in-use.mjs'

const BATCH = 1_000
const alg = 'EdDSA'

const { count } = readInput()
const { createTestIssuer } = await importLibrary('testing')
const issuer = await createTestIssuer({ algorithms: [alg] })
const mint = await createMint(issuer, alg)
await flood(BATCH)

const before = await memoryInUse()
const { verify } = await flood(count)
const after = await memoryInUse()
await verify((await mint.many(1))[0])
printOutput({ megabytes: (after - before) / 1e6 })

async function flood(count) {
  const { clientId, jwks } = issuer
  const verifier = await createJwtGate({ alg, issuer: issuer.issuer, clientId, jwks })
  for (let seen = 0; seen < count; seen += BATCH) {
    const tokens = await mint.many(BATCH)
    await Promise.all(tokens.map(verifier.verify))
    // a token is cached when it is verified for the second time
    await Promise.all(tokens.map(verifier.verify))
  }
  return verifier
}
