/**
 * docs/hono.md and docs/nextjs.md: what each kind of token gets from handlers of web-standard requests.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { runNode, writeBlocks } from './blocks.mjs'

const { folder: hono } = writeBlocks('hono')
const load = (folder, name) => import(pathToFileURL(`${folder}/${name}`).href)
const bearer = (token) => ({ authorization: `Bearer ${token}` })

describe('hono.md', async () => {
  const issuer = await createTestIssuer()
  const { userPoolId, clientId } = issuer
  const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
  const token = await issuer.accessToken({ sub: 'alice' })
  const admin = await issuer.accessToken({ 'cognito:groups': ['admin'] })
  const { createApp } = await load(hono, 'app.ts')
  const app = createApp(createVerifier(trusted, { fetch: issuer.fetch }))
  const ask = (path, headers = {}, method = 'GET') => app.request(path, { method, headers })

  test('a public route needs no token', async () => {
    const response = await ask('/health')
    assert.deepEqual([response.status, await response.text()], [200, 'ok'])
  })

  test('a good token passes, with its claims', async () => {
    const response = await ask('/api/profile', bearer(token))
    assert.deepEqual(
      [response.status, await response.json()],
      [200, { sub: 'alice', client_id: clientId }],
    )
  })

  test('without a token, the challenge leads to the metadata', async () => {
    const response = await ask('/api/profile')
    const challenge = response.headers.get('www-authenticate')
    assert.equal(response.status, 401)
    const [, url] = challenge.match(/resource_metadata="([^"]+)"/)
    const metadata = await ask(new URL(url).pathname)
    assert.deepEqual(await metadata.json(), {
      resource: 'https://api.example.com',
      authorization_servers: ['https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example'],
      bearer_methods_supported: ['header'],
    })
  })

  test('an expired token and an ID token are rejected', async () => {
    for (const bad of [await issuer.accessToken({ exp: 1 }), await issuer.idToken()]) {
      const response = await ask('/api/profile', bearer(bad))
      assert.equal(response.status, 401)
      assert.match(response.headers.get('www-authenticate'), /error="invalid_token"/)
    }
  })

  test('the rule of a route decides who may do it', async () => {
    const refused = await ask('/api/users/1', bearer(token), 'DELETE')
    const allowed = await ask('/api/users/1', bearer(admin), 'DELETE')
    assert.deepEqual([refused.status, allowed.status], [403, 204])
    assert.match(refused.headers.get('www-authenticate'), /error="insufficient_scope"/)
  })

  test('a preflight needs no token, and scripts can read the challenge of a 401', async () => {
    const origin = 'https://app.example.com'
    const preflight = await ask(
      '/api/profile',
      { origin, 'access-control-request-method': 'GET' },
      'OPTIONS',
    )
    const refused = await ask('/api/profile', { origin })
    assert.deepEqual([preflight.status, refused.status], [204, 401])
    assert.equal(refused.headers.get('access-control-allow-origin'), origin)
    assert.match(refused.headers.get('access-control-expose-headers'), /WWW-Authenticate/)
  })

  test('an outage of the issuer is a 503 that says when to come back', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed'))
    const down = createApp(createVerifier(trusted, { fetch }))
    const response = await down.request('/api/profile', { headers: bearer(token) })
    assert.equal(response.status, 503)
    assert.ok(Number(response.headers.get('retry-after')) >= 1)
  })

  test('an error of the app is a 500 that says nothing', async (context) => {
    context.mock.method(console, 'error', () => undefined)
    const broken = createApp(createVerifier(trusted, { fetch: issuer.fetch }))
    broken.get('/broken', () => {
      throw new Error('secret')
    })
    const response = await broken.request('/broken')
    assert.deepEqual([response.status, await response.json()], [500, { error: 'server_error' }])
  })

  test('without onError, a bad token gets 500', async (context) => {
    context.mock.method(console, 'error', () => undefined)
    const { Hono } = await import('hono')
    const { createGuard } = await load(hono, 'auth.ts')
    const verifier = createVerifier(trusted, { fetch: issuer.fetch })
    const bare = new Hono().use(createGuard(verifier)()).get('/', (c) => c.text('in'))
    const response = await bare.request('/')
    assert.equal(response.status, 500)
  })

  test('main listens, and rejects tokens of others', async () => {
    const { main } = await load(hono, 'main.ts')
    const server = main(0)
    try {
      await once(server, 'listening')
      const url = `http://localhost:${server.address().port}/api/profile`
      const { status } = await fetch(url, { headers: { ...bearer('a.b.c'), connection: 'close' } })
      assert.equal(status, 401)
    } finally {
      server.close()
    }
  })
})

test('hono.md: the test of the page passes', async () => {
  const output = await runNode([
    '--import',
    'tsx',
    '--test',
    '--test-reporter=tap',
    `${hono}/app.test.ts`,
  ])
  assert.match(output, /# pass 1\n# fail 0/)
})

describe('nextjs.md', async () => {
  const issuer = await createTestIssuer()
  await issuer.listen()
  after(() => issuer.close())
  process.env['OIDC_ISSUER'] = issuer.issuer
  const { folder } = writeBlocks('nextjs')
  const { GET } = await load(folder, 'app/api/profile/route.ts')
  const { DELETE } = await load(folder, 'app/api/orders/[id]/route.ts')
  const sign = (claims) =>
    issuer.token({
      iss: issuer.issuer,
      aud: 'https://api.example.com',
      sub: 'alice',
      exp: Math.floor(Date.now() / 1000) + 3600,
      ...claims,
    })
  const ask = (headers) => new Request('https://api.example.com/', { headers })
  const context = { params: Promise.resolve({ id: '7' }) }

  test('a good token passes, with its claims', async () => {
    const response = await GET(ask(bearer(await sign())), {})
    assert.deepEqual([response.status, await response.json()], [200, { sub: 'alice' }])
  })

  test('no token, an expired one and one for others are rejected', async () => {
    for (const headers of [
      {},
      bearer(await sign({ exp: 1 })),
      bearer(await sign({ aud: 'https://other.example.com' })),
    ]) {
      const response = await GET(ask(headers), {})
      assert.equal(response.status, 401)
      assert.match(response.headers.get('www-authenticate'), /^Bearer realm="api"/)
    }
  })

  test('the rule of a route decides who may do it, and the handler gets the parameters', async () => {
    const refused = await DELETE(ask(bearer(await sign())), context)
    const allowed = await DELETE(ask(bearer(await sign({ scope: 'orders/write' }))), context)
    assert.equal(refused.status, 403)
    assert.match(refused.headers.get('www-authenticate'), /scope="orders\/write"/)
    assert.deepEqual(await allowed.json(), { deleted: '7' })
  })

  test('an error of the handler is left to Next.js', async () => {
    const { withJwt } = await load(folder, 'lib/auth.ts')
    const broken = withJwt(() => {
      throw new RangeError('a bug')
    })
    await assert.rejects(broken(ask(bearer(await sign())), {}), RangeError)
  })

  test('the test of the page passes', async () => {
    const output = await runNode([
      '--import',
      'tsx',
      '--test',
      '--test-reporter=tap',
      `${folder}/profile.test.ts`,
    ])
    assert.match(output, /# pass 1\n# fail 0/)
  })
})
