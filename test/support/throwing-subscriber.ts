/**
 * A process with a subscriber that throws. Prints what the calls resulted in, and which errors were uncaught.
 */
import { subscribe } from 'node:diagnostics_channel'
import { createTestIssuer } from '../../src/testing/index.ts'
import { createVerifier } from '../../src/verify/index.ts'

const uncaught: string[] = []
process.on('uncaughtException', ({ message }) => uncaught.push(message))
subscribe('jwt-gate:verify', () => {
  throw new Error('a subscriber threw')
})

const issuer = await createTestIssuer()
const token = await issuer.accessToken({ sub: 'alice' })
const verifier = createVerifier({ issuer: issuer.issuer, audience: null, jwks: issuer.jwks })
const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code
const results = [
  await verifier.verify(token).then(({ claims }) => claims.sub, codeOf),
  verifier.verifySync(token).claims.sub,
  await verifier.verify('x').catch(codeOf),
]
try {
  verifier.verifySync('x')
} catch (error) {
  results.push(codeOf(error) as string)
}
await new Promise((resolve) => setImmediate(resolve))
console.log(JSON.stringify({ results, uncaught }))
