/**
 * The servers of the guides, over real HTTP: what each kind of token gets.
 */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { cognito, createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { writeBlocks } from './blocks.mjs'

const issuer = await createTestIssuer()
const { userPoolId, clientId } = issuer
const trusted = cognito({ userPoolId, clientId, tokenUse: 'access' })
const verifier = createVerifier(trusted, { fetch: issuer.fetch })
const inOutage = createVerifier(trusted, {
  fetch: () => Promise.reject(new TypeError('fetch failed')),
})
const token = await issuer.accessToken({ sub: 'alice' })
const admin = await issuer.accessToken({ 'cognito:groups': ['admin'] })
const expired = await issuer.accessToken({ exp: 1 })

/** Starts the app of a page. @returns its origin, and how to stop it */
const STARTS = {
  fastify: async ({ createApp }, one) => {
    const app = createApp(one)
    return [await app.listen({ port: 0, host: '127.0.0.1' }), () => app.close()]
  },
  koa: async ({ createApp }, one) => {
    const app = createApp(one)
    app.silent = true
    return listen(app.callback())
  },
  nestjs: async ({ createApp }, one) => {
    const app = await createApp(one)
    await app.listen(0, '127.0.0.1')
    return [await app.getUrl(), () => app.close()]
  },
}

async function listen(app) {
  const { createServer } = await import('node:http')
  const server = createServer(app)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return [`http://127.0.0.1:${server.address().port}`, close]
}

function load(page, name) {
  return import(pathToFileURL(`${writeBlocks(page).folder}/${name}`).href)
}

/** Sends a request with any number of `Authorization` headers. */
function ask(url, { method = 'GET', tokens = [] } = {}) {
  const headers = tokens.flatMap((one) => ['authorization', `Bearer ${one}`])
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      headers: ['host', new URL(url).host, ...headers],
      agent: false,
    })
    sent.on('error', reject)
    sent.on('response', async (response) => {
      let body = ''
      for await (const chunk of response.setEncoding('utf8')) body += chunk
      resolve({ status: response.statusCode, headers: response.headers, body })
    })
    sent.end()
  })
}

for (const [page, start] of Object.entries(STARTS)) {
  describe(`${page}.md`, () => {
    let origin
    let close
    let closeOther
    let outage
    before(async () => {
      const app = await load(page, 'app.ts')
      ;[origin, close] = await start(app, verifier)
      ;[outage, closeOther] = await start(app, inOutage)
    })
    after(async () => {
      await close()
      await closeOther()
    })

    test('a public route needs no token', async () => {
      const { status, body } = await ask(`${origin}/health`)
      assert.deepEqual([status, body], [200, 'ok'])
    })

    test('a good token passes, with its claims', async () => {
      const { status, body } = await ask(`${origin}/api/profile`, { tokens: [token] })
      assert.deepEqual([status, JSON.parse(body)], [200, { sub: 'alice' }])
    })

    test('without a token, the challenge says what is needed', async () => {
      const { status, headers, body } = await ask(`${origin}/api/profile`)
      assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer realm="api"'])
      assert.deepEqual(JSON.parse(body), {
        error: 'ERR_TOKEN_MISSING',
        message: 'No token was sent',
      })
    })

    test('an expired token and an ID token are rejected', async () => {
      for (const bad of [expired, await issuer.idToken()]) {
        const { status, headers } = await ask(`${origin}/api/profile`, { tokens: [bad] })
        assert.equal(status, 401)
        assert.match(headers['www-authenticate'], /error="invalid_token"/)
      }
    })

    test('two tokens are a bad request', async () => {
      const { status } = await ask(`${origin}/api/profile`, { tokens: [token, token] })
      assert.equal(status, 400)
    })

    test('the rule of a route decides who may do it', async () => {
      const [refused, allowed] = await Promise.all(
        [token, admin].map((one) =>
          ask(`${origin}/api/users/1`, { method: 'DELETE', tokens: [one] }),
        ),
      )
      assert.deepEqual([refused.status, allowed.status], [403, 204])
      assert.match(refused.headers['www-authenticate'], /error="insufficient_scope"/)
    })

    test('an outage of the issuer is a 503 that says when to come back', async () => {
      const { status, headers } = await ask(`${outage}/api/profile`, { tokens: [token] })
      assert.equal(status, 503)
      assert.ok(Number(headers['retry-after']) >= 1)
    })
  })
}

test("koa.md: Koa's own handler sends the status, the headers and the message", async () => {
  const { createPlainApp } = await load('koa', 'plain.ts')
  const app = createPlainApp(verifier)
  app.silent = true
  const [origin, close] = await listen(app.callback())
  try {
    const good = await ask(origin, { tokens: [token] })
    const bad = await ask(origin, { tokens: [expired] })
    assert.deepEqual(JSON.parse(good.body), { sub: 'alice' })
    assert.deepEqual([bad.status, bad.body], [401, 'The token has expired'])
    assert.match(bad.headers['www-authenticate'], /error="invalid_token"/)
  } finally {
    close()
  }
})

test('fastify.md: main listens, and rejects tokens of others', async () => {
  const { main } = await load('fastify', 'main.ts')
  const app = await main(0)
  const { port } = app.server.address()
  try {
    const { status } = await ask(`http://localhost:${port}/api/profile`, { tokens: ['a.b.c'] })
    assert.equal(status, 401)
  } finally {
    await app.close()
  }
})

test('nestjs.md: main listens, and rejects tokens of others', async () => {
  const { main } = await load('nestjs', 'main.ts')
  const app = await main(0)
  try {
    const { status } = await ask(`${await app.getUrl()}/api/profile`, { tokens: ['a.b.c'] })
    assert.equal(status, 401)
  } finally {
    await app.close()
  }
})

test('nestjs.md: a route asks for a scope', async () => {
  const [origin, close] = await STARTS.nestjs(await load('nestjs', 'app.ts'), verifier)
  const reader = await issuer.accessToken({ scope: 'orders/read' })
  try {
    const [refused, allowed] = await Promise.all(
      [token, reader].map((one) => ask(`${origin}/api/orders`, { tokens: [one] })),
    )
    assert.deepEqual([refused.status, allowed.status], [403, 200])
    assert.match(refused.headers['www-authenticate'], /scope="orders\/read"/)
  } finally {
    await close()
  }
})

test('nestjs.md: the filter sends the challenge of requireJwt, and leaves other errors to Nest', async () => {
  const [{ protect }, { Module }, { NestFactory }] = await Promise.all([
    load('nestjs', 'middleware.ts'),
    import('@nestjs/common'),
    import('@nestjs/core'),
  ])
  class Empty {}
  Module({})(Empty)
  const app = await NestFactory.create(Empty, { logger: ['error'] })
  protect(app, verifier)
  await app.listen(0, '127.0.0.1')
  try {
    const url = `${await app.getUrl()}/nothing`
    const [missing, late, good] = await Promise.all(
      [[], [expired], [token]].map((tokens) => ask(url, { tokens })),
    )
    assert.deepEqual([missing.status, late.status, good.status], [401, 401, 404])
    assert.equal(missing.headers['www-authenticate'], 'Bearer realm="api"')
    assert.match(late.headers['www-authenticate'], /error="invalid_token"/)
  } finally {
    await app.close()
  }
})

test('nestjs.md: an outage is in the log', async (context) => {
  const [origin, close] = await STARTS.nestjs(await load('nestjs', 'app.ts'), inOutage)
  const { mock } = context.mock.method(process.stderr, 'write', () => true)
  try {
    await ask(`${origin}/api/profile`, { tokens: [token] })
    assert.match(mock.calls.map((call) => call.arguments[0]).join(''), /ERR_JWKS_UNAVAILABLE/)
  } finally {
    mock.restore()
    await close()
  }
})
