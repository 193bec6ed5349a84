/**
 * The tables of docs/express.md, row by row, over real HTTP, on both versions of Express.
 */
import cors from 'cors'
import { cognito, createVerifier } from 'jwt-gate'
import { authErrorHandler, cookieToken, requireAccess, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS, type Express } from '../support/express-versions.ts'
import { serve } from '../support/http.ts'
import { codeOf, read, tableOf } from './markdown.ts'

const document = read('docs/express.md')
const rows = ['request', 'optional:', 'access:', 'cookie:'].flatMap((header) =>
  tableOf(document, header),
)

const issuer = await createTestIssuer()
const { userPoolId, clientId } = issuer
const pool = cognito({ userPoolId, clientId, tokenUse: 'access' })
const verifier = createVerifier(pool, { fetch: issuer.fetch })
const verifierInAnOutage = createVerifier(pool, {
  fetch: () => Promise.reject(new TypeError('fetch failed')),
})
const now = Math.floor(Date.now() / 1_000)
const alice = { sub: 'alice', scope: 'orders/read', 'cognito:groups': ['staff'] }
const good = await issuer.accessToken(alice)
const admin = await issuer.accessToken({
  ...alice,
  scope: 'orders/read orders/write',
  'cognito:groups': ['admin', 'staff'],
})
const tokens: Readonly<Record<string, string>> = {
  good,
  admin,
  expired: await issuer.accessToken({ ...alice, exp: now - 60 }),
  early: await issuer.accessToken({ ...alice, nbf: now + 60 }),
  forged: good.replace(/[^.]+$/, admin.split('.')[2] ?? ''),
  id: await issuer.idToken({ sub: 'alice' }),
  foreign: await issuer.accessToken({ ...alice, iss: 'https://evil.example' }),
  unknown: await issuer.token({ iss: issuer.issuer }, { header: { kid: 'made-up' } }),
}

function createApp(express: Express) {
  const app = express()
  const guard = requireJwt(verifier)
  app.use('/api', cors())
  app.use(['/api/profile', '/profile', '/write', '/any', '/admin', '/chained', '/mine'], guard)
  app.use('/feed', requireJwt(verifier, { optional: 'missing' }))
  app.use('/lenient', requireJwt(verifier, { optional: 'missing-or-invalid' }))
  app.use('/comments', requireJwt(verifier, { optional: 'missing' }), requireAccess({}))
  app.use('/write', requireAccess({ scopes: ['orders/read', 'orders/write'] }))
  app.use('/any', requireAccess({ anyScope: ['orders/write', 'orders/all'] }))
  app.use(['/admin', '/chained'], requireAccess({ groups: ['admin'] }))
  app.use('/chained', requireAccess({ allGroups: ['admin', 'root'] }))
  app.use('/mine', requireAccess({ check: ({ claims }) => claims.sub === 'bob' }))
  app.use('/unguarded', requireAccess({}))
  app.use('/page', requireJwt(verifier, { getToken: cookieToken('token') }))
  app.use('/quoted', requireJwt(verifier, { realm: 'my "own" \\ api' }))
  const resourceMetadataUrl = 'https://api.example.com/.well-known/oauth-protected-resource'
  app.use('/resource', requireJwt(verifier, { resourceMetadataUrl }))
  app.use('/down', requireJwt(verifierInAnOutage))
  app.use((req, res) => {
    res.json({ sub: req.auth?.claims.sub ?? null })
  })
  app.use(authErrorHandler({ onError: null }))
  return app
}

/** The code between back quotes, with tokens in place of their names. */
function codesOf(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll('\\t', '\t').replaceAll(/<(\w+)>/g, (_, name) => tokens[name] ?? 'no token'),
  )
}

/** Node's client accepts names and values alternately, and so can repeat a header. */
function toHeaders(cell: string | undefined): Record<string, string[]> {
  const headers: Record<string, string[]> = {}
  for (const line of codesOf(cell)) {
    const [name = '', value = ''] = line.split(/: ?(.*)/s)
    headers[name] = [...(headers[name] ?? []), value]
  }
  return headers
}

describe.each(EXPRESS_VERSIONS)('docs/express.md on %s', (_, express) => {
  test.each(rows)('%s with %s gets %s', async (...row) => {
    const [request, headers, status, challenge, body] = row
    const [line = '', sent] = codesOf(request)
    const [method = '', path = ''] = line.split(' ')
    const ask = await serve(createApp(express))

    const answer = await ask(path, {
      method,
      headers: toHeaders(headers),
      ...(sent !== undefined && { body: sent }),
    })

    const isRefused = answer.status >= 400
    expect(answer.status).toBe(Number(status))
    expect(answer.headers['www-authenticate'] ?? '').toBe(codeOf(challenge))
    expect(answer.body).toBe(codeOf(body))
    expect(answer.headers['cache-control']).toBe(isRefused ? 'no-store' : undefined)
    expect(answer.headers['retry-after'] !== undefined).toBe(answer.status === 503)
    expect(answer.headers['access-control-allow-origin']).toBe(
      path.startsWith('/api') ? '*' : undefined,
    )
  })
})

test('all rows and all tokens are used', () => {
  const lines = document.split('\n').filter((line) => /^\| `[A-Z]+ \//.test(line))
  const listed = tableOf(document, 'token').map(([name]) => codeOf(name).replaceAll(/[<>]/g, ''))

  expect(rows).toHaveLength(lines.length)
  expect(rows.length).toBeGreaterThan(60)
  expect(listed.sort()).toEqual(Object.keys(tokens).sort())
})
