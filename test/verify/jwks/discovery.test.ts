/**
 * Discovery of an issuer's keys: OpenID Connect Discovery, then RFC 8414.
 */
import { createVerifier } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { createClock } from '../support/clock.ts'

const issuer = await createTestIssuer()
const KEYS = 'https://keys.example/jwks'

/** A verifier that trusts this issuer and discovers its keys, and the URLs that were requested. */
async function createFinder(iss: string, pages: Record<string, (() => Response) | object>) {
  const asked: string[] = []
  const clock = createClock()
  const verifier = createVerifier(
    { issuer: iss, audience: null },
    {
      now: clock.now,
      fetch: async (input) => {
        asked.push(String(input))
        const page = pages[String(input)] ?? (() => new Response('{}', { status: 404 }))
        return typeof page === 'function' ? (page as () => Response)() : Response.json(page)
      },
    },
  )
  const token = await issuer.token({ iss, exp: 4_000_000_000 })
  return { asked, clock, verifier, verify: () => verifier.verify(token) }
}
const status = (code: number) => () => new Response('{}', { status: code })

describe('discovery', () => {
  test.each([
    ['https://idp.example', 'https://idp.example/.well-known/openid-configuration'],
    ['https://idp.example/', 'https://idp.example/.well-known/openid-configuration'],
    ['https://idp.example/a/b', 'https://idp.example/a/b/.well-known/openid-configuration'],
    ['https://idp.example/a/', 'https://idp.example/a/.well-known/openid-configuration'],
    ['https://idp.example:8443/a', 'https://idp.example:8443/a/.well-known/openid-configuration'],
  ])('%s: first requests %s', async (iss, url) => {
    const { asked, verify } = await createFinder(iss, {
      [url]: { issuer: iss, jwks_uri: KEYS },
      [KEYS]: issuer.jwks,
    })

    await expect(verify()).resolves.toMatchObject({ issuer: iss })
    expect(asked).toEqual([url, KEYS])
  })

  test.each([
    ['https://idp.example', 'https://idp.example/.well-known/oauth-authorization-server'],
    ['https://idp.example/', 'https://idp.example/.well-known/oauth-authorization-server'],
    ['https://idp.example/a/b', 'https://idp.example/.well-known/oauth-authorization-server/a/b'],
  ])('%s: then requests %s', async (iss, url) => {
    const { asked, verify } = await createFinder(iss, {
      [url]: { issuer: iss, jwks_uri: KEYS },
      [KEYS]: issuer.jwks,
    })

    await expect(verify()).resolves.toMatchObject({ issuer: iss })
    expect(asked.slice(1)).toEqual([url, KEYS])
  })

  const iss = 'https://idp.example'
  const openid = `${iss}/.well-known/openid-configuration`
  const oauth = `${iss}/.well-known/oauth-authorization-server`

  test.each([403, 404, 302, 204])('requests the second address after status %i', async (code) => {
    const { verify } = await createFinder(iss, {
      [openid]: () => new Response(null, { status: code }),
      [oauth]: { issuer: iss, jwks_uri: KEYS },
      [KEYS]: issuer.jwks,
    })

    await expect(verify()).resolves.toBeDefined()
  })

  const PAGE = '<!doctype html><p>Sign in</p>'
  test.each<[string, string]>([
    ['HTML', PAGE],
    ['nothing', ''],
    ['text', '"text"'],
    ['null', 'null'],
    ['a list', '[]'],
    ['HTML that is too large', PAGE.padEnd(600_000)],
  ])('requests the second address if the first one has %s', async (_, page) => {
    const { asked, verify } = await createFinder(iss, {
      [openid]: () => new Response(page),
      [oauth]: { issuer: iss, jwks_uri: KEYS },
      [KEYS]: issuer.jwks,
    })

    await expect(verify()).resolves.toBeDefined()
    expect(asked).toEqual([openid, oauth, KEYS])
  })

  test.each<[string, () => Response, object]>([
    ['is missing', status(404), { code: 'ERR_JWKS_INVALID', reason: 'not_json' }],
    ['is a page too', () => new Response(PAGE), { code: 'ERR_JWKS_INVALID', reason: 'not_json' }],
    ['is down', status(503), { code: 'ERR_JWKS_UNAVAILABLE', reason: 'status' }],
    [
      'is of another issuer',
      () => Response.json({ issuer: 'https://evil.example', jwks_uri: KEYS }),
      { code: 'ERR_JWKS_INVALID', reason: 'issuer_mismatch' },
    ],
  ])(
    'says what is wrong if the first document is a page and the second %s',
    async (_, second, error) => {
      const { verify } = await createFinder(iss, {
        [openid]: () => new Response(PAGE),
        [oauth]: second,
        [KEYS]: issuer.jwks,
      })

      await expect(verify()).rejects.toMatchObject(error)
    },
  )

  test('does not request the second address after a server error', async () => {
    const { asked, verify } = await createFinder(iss, {
      [openid]: status(500),
      [oauth]: { issuer: iss, jwks_uri: KEYS },
      [KEYS]: issuer.jwks,
    })

    await expect(verify()).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
      reason: 'status',
      cause: { message: 'HTTP status 500' },
    })
    expect(asked).toEqual([openid, openid])
  })

  test('fails if neither address has a document', async () => {
    const { asked, verify } = await createFinder(iss, {})

    await expect(verify()).rejects.toMatchObject({
      code: 'ERR_JWKS_UNAVAILABLE',
      reason: 'status',
    })
    expect(asked).toEqual([openid, oauth])
  })

  test('reports a server error of the second address, and not the page at the first one', async () => {
    const { verify } = await createFinder(iss, {
      [openid]: () => new Response('<html>'),
      [oauth]: status(500),
    })

    await expect(verify()).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE', reason: 'status' })
  })

  test('has one retry for all of its requests', async () => {
    const { asked, verify } = await createFinder(iss, {
      [openid]: status(404),
      [oauth]: status(500),
      [KEYS]: issuer.jwks,
    })

    await expect(verify()).rejects.toMatchObject({ code: 'ERR_JWKS_UNAVAILABLE' })
    expect(asked).toEqual([openid, oauth, oauth])
  })

  test('reads the document again on every refresh', async () => {
    const pages: Record<string, object> = {
      [openid]: { issuer: iss, jwks_uri: KEYS },
      [KEYS]: issuer.jwks,
      [`${KEYS}/2`]: issuer.jwks,
    }
    const { asked, clock, verifier, verify } = await createFinder(iss, pages)
    await verify()
    pages[openid] = { issuer: iss, jwks_uri: `${KEYS}/2` }

    clock.advance(600_000)
    await verifier.hydrate()

    expect(asked).toEqual([openid, KEYS, openid, `${KEYS}/2`])
  })
})

describe('discovery rejects', () => {
  const iss = 'https://idp.example/a'
  const openid = `${iss}/.well-known/openid-configuration`
  const oauth = 'https://idp.example/.well-known/oauth-authorization-server/a'
  const INVALID = { name: 'KeysError', code: 'ERR_JWKS_INVALID', status: 503 }

  async function expectRefused(
    metadata: unknown,
    reason: string,
    requests = [openid],
  ): Promise<void> {
    const { asked, verify } = await createFinder(iss, {
      [openid]: () => new Response(JSON.stringify(metadata)),
      [KEYS]: issuer.jwks,
    })

    await expect(verify()).rejects.toMatchObject({ ...INVALID, reason })
    expect(asked).toEqual(requests)
  }

  test.each([
    undefined,
    null,
    'https://evil.example',
    `${iss}/`,
    iss.toUpperCase(),
    'https://idp.example',
    [iss],
  ])('the issuer %j, which does not match the trusted one', async (other) => {
    await expectRefused({ issuer: other, jwks_uri: KEYS }, 'issuer_mismatch')
  })

  test.each([
    undefined,
    null,
    1,
    '',
    'jwks',
    '/jwks',
    'http://keys.example/jwks',
    'ftp://keys.example/jwks',
    'file:///etc/passwd',
    'data:application/json,{"keys":[]}',
    'https://user:secret@keys.example/jwks',
    'http://127.0.0.1/jwks',
    'https://localhost/jwks',
    'https://[::1]/jwks',
    'http://169.254.169.254/latest',
    [KEYS],
  ])('the key address %j', async (jwks_uri) => {
    await expectRefused({ issuer: iss, jwks_uri }, 'invalid')
  })

  test.each(['text', 1, null, []])('the document %j', async (page) => {
    await expectRefused(page, 'not_a_key_set', [openid, oauth])
  })

  test('a document that is not JSON', async () => {
    const { verify } = await createFinder(iss, { [openid]: () => new Response('<html>') })

    await expect(verify()).rejects.toMatchObject({ ...INVALID, reason: 'not_json' })
  })
})

test('an issuer on this machine may have its keys on this machine', async () => {
  const iss = 'http://localhost:9229/local'
  const keys = 'http://127.0.0.1:9229/keys'
  const { verify } = await createFinder(iss, {
    [`${iss}/.well-known/openid-configuration`]: { issuer: iss, jwks_uri: keys },
    [keys]: issuer.jwks,
  })

  await expect(verify()).resolves.toBeDefined()
})
