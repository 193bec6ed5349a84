/**
 * What every runtime must do, as a program that prints its results: no test runner is the same in all of them.
 */
import { createServer } from 'node:http'
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { Cancellation } from '../../dist/verify/http/cancellation.js'
import { createHttpGet } from '../../dist/verify/http/http-get.js'

const results = {}
const outcome = (promise) =>
  promise.then(
    (value) => value?.claims?.sub ?? value?.status,
    ({ code, reason }) => [code, reason].filter(Boolean).join(' '),
  )

const issuer = await createTestIssuer()
await issuer.listen()
const iss = issuer.issuer
const events = []
const verifier = createVerifier(
  { issuer: iss, audience: 'a' },
  { onEvent: ({ type }) => events.push(type) },
)
const sign = (claims) =>
  issuer.token({ iss, aud: 'a', sub: 'alice', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
const token = await sign()

results.good = [await outcome(verifier.verify(token)), await outcome(verifier.verify(token))]
results.sync = verifier.verifySync(token).claims.sub
results.fetches = events.length
results.forged = await outcome(verifier.verify(`${token.slice(0, -8)}AAAAAAAA`))
results.expired = await outcome(verifier.verify(await sign({ exp: 1 })))
await issuer.rotateKeys()
results.rotated = await outcome(verifier.verify(await sign()))
issuer.fail('down')
const other = createVerifier({ issuer: iss, audience: 'a' })
results.outage = await outcome(other.verify(token))
await issuer.close()

const server = createServer((request, response) => {
  if (request.url === '/hang') return
  response.writeHead(request.url === '/redirect' ? 302 : 200, { location: '/' })
  response.end('x'.repeat(2000))
})
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const origin = `http://localhost:${server.address().port}`
function get(path, { maxBytes = 5000, isAllowed } = {}) {
  const cancellation = new Cancellation()
  const stop = cancellation.cancelAfter(path === '/hang' ? 200 : 20_000)
  const work = createHttpGet()(new URL(origin + path), { cancellation, maxBytes, isAllowed })
  return outcome(cancellation.race(work).finally(stop))
}
const asked = []
results.allowed = await get('/', { isAllowed: (address) => asked.push(address) > 0 })
results.address = asked[0]
results.refused = await get('/', { isAllowed: () => false })
results.large = await get('/', { maxBytes: 1000 })
results.redirect = await get('/redirect')
results.timeout = await get('/hang')

console.log(JSON.stringify(results))
process.exit(0)
