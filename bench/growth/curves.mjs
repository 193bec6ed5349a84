/**
 * How the cost of a token grows with what there is: each curve has its values of x, and a function that returns what to measure
 * at one of them: `run` is called again and again, and `warmUp` is how many calls come before.
 */
import { createEventMaker, toRoutes } from '../measure/authorizer-event.mjs'
import { readSetup, readTokens } from '../measure/fixtures.mjs'
import { importLibrary } from '../measure/library.mjs'
import { createMint } from '../measure/mint.mjs'
import { repeat, rotate } from '../measure/next-token.mjs'
import { createJwtGate } from '../tokens/jwt-gate.mjs'

const CACHED = 5_000

export const CURVES = {
  rotation: {
    title: 'RS256 tokens in rotation',
    unit: 'main-thread µs a token; the default cache holds 5,000',
    x: 'tokens',
    values: [500, 2_000, 4_000, 5_000, 6_000, 10_000, 20_000, 40_000],
    marked: CACHED,
    create: createRotation,
  },
  tenants: {
    title: 'Distinct ES256 tokens of many issuers',
    unit: 'main-thread µs a token; issuers are listed, the cache is off',
    x: 'issuers',
    values: [1, 10, 100, 1_000, 5_000],
    create: createTenants,
  },
  routes: {
    title: 'Lambda authorizer with a route map',
    unit: 'main-thread µs a call, with a repeated token',
    x: 'routes',
    values: [1, 15, 30, 45, 60],
    create: createRoutes,
  },
  inFlight: {
    title: 'Distinct ES256 tokens in flight',
    unit: 'µs a token',
    x: 'tokens in flight',
    values: [1, 4, 16, 64, 256, 1_024],
    inFlight: true,
    create: createInFlight,
  },
}

async function createRotation(x, { folder }) {
  const { verifySync } = await createJwtGate(readSetup(folder, 'RS256'))
  const next = rotate(readTokens(folder, 'RS256', x))
  // a token is cached when it is verified for the second time
  return { run: () => verifySync(next()), warmUp: 3 * x }
}

/** All have the same key, because only the number of issuers is to grow. */
async function createTenants(x) {
  const { createVerifier } = await importLibrary('verify')
  const { createTestIssuer } = await importLibrary('testing')
  const issuer = await createTestIssuer({ algorithms: ['ES256'] })
  const mint = await createMint(issuer, 'ES256')
  const jwks = { keys: issuer.jwks.keys.filter(({ alg }) => alg === 'ES256') }
  const names = Array.from({ length: x }, (_, at) => `https://tenant${at}.example`)
  const trusted = names.map((iss) => ({ issuer: iss, audience: null, jwks }))
  const { verifySync } = createVerifier(trusted, { tokenCache: false })
  const tokens = []
  while (tokens.length < Math.max(1_000, x)) {
    tokens.push(await mint.one({ iss: names[tokens.length % x] }))
  }
  const next = rotate(tokens)
  return { run: () => verifySync(next()), warmUp: tokens.length }
}

async function createRoutes(x, { folder }) {
  const { createAuthorizer } = await importLibrary('lambda-authorizer')
  const verifier = await createJwtGate(readSetup(folder, 'RS256'))
  const handler = createAuthorizer(verifier, { access: toRoutes(x) })
  const toEvent = await createEventMaker('/orders0')
  const [token] = readTokens(folder, 'RS256', 1)
  const next = repeat(token)
  return { run: () => handler(toEvent(next())), warmUp: 500 }
}

async function createInFlight(_x, { folder }) {
  const setup = readSetup(folder, 'ES256')
  const { verify } = await createJwtGate(setup, { tokenCache: false })
  const next = rotate(readTokens(folder, 'ES256'))
  return { run: () => verify(next()), warmUp: 2_000 }
}
