/**
 * A user wraps `verify` in a function that knows revoked tokens. However they do it, no fast path bypasses that function, even
 * for a token that the verifier has cached.
 */
import { createVerifier, TokenError, type Verifier } from 'jwt-gate'
import { authErrorHandler, mcpTokenVerifier, requireJwt, verifyRequest } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { fastPathOf } from '../../src/verify/fast-path.ts'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'
import { errors } from '../support/mcp-sdk.ts'
import { claimsOf, haveRemembered, now, trust } from './setup.ts'

const RESOURCE = 'https://mcp.example'
const issuer = await createTestIssuer({ now })
const token = await issuer.token({ ...claimsOf(issuer), aud: ['api', RESOURCE] })

type Verify = Verifier['verify']
/** Puts a list of revoked tokens in front of a verifier. */
type Wrap = (verifier: Verifier, assertGood: (token: string) => void) => Verifier

/** The wrapper as a plain function, without the properties of `verify`. */
const guarded =
  (verify: Verify, assertGood: (token: string) => void): Verify =>
  async (one) => {
    assertGood(one)
    return verify(one)
  }

const WRAPPERS: readonly [string, Wrap][] = [
  [
    'a plain function',
    (verifier, assertGood) => ({ ...verifier, verify: guarded(verifier.verify, assertGood) }),
  ],
  [
    'a proxy of the function',
    (verifier, assertGood) => {
      const apply: ProxyHandler<Verify>['apply'] = (verify, self, [one]) => {
        assertGood(one)
        return Reflect.apply(verify, self, [one])
      }
      return { ...verifier, verify: new Proxy(verifier.verify, { apply }) }
    },
  ],
  [
    'a function that inherits from it',
    (verifier, assertGood) => {
      const verify = guarded(verifier.verify, assertGood)
      return { ...verifier, verify: Object.setPrototypeOf(verify, verifier.verify) }
    },
  ],
  [
    'a function with copies of its properties',
    (verifier, assertGood) => {
      const verify = guarded(verifier.verify, assertGood)
      const { name: _, length: __, ...all } = Object.getOwnPropertyDescriptors(verifier.verify)
      return { ...verifier, verify: Object.defineProperties(verify, all) }
    },
  ],
  [
    'a function to which every symbol was assigned',
    (verifier, assertGood) => {
      const verify = guarded(verifier.verify, assertGood)
      for (const symbol of Object.getOwnPropertySymbols(verifier.verify)) {
        Object.assign(verify, { [symbol]: Reflect.get(verifier.verify, symbol) })
      }
      return { ...verifier, verify }
    },
  ],
  [
    'a bound function with copies of its properties',
    (verifier, assertGood) => {
      const check = async function (this: typeof assertGood, one: string) {
        this(one)
        return verifier.verify(one)
      }
      const verify: Verify = check.bind(assertGood)
      const { name: _, length: __, ...all } = Object.getOwnPropertyDescriptors(verifier.verify)
      return { ...verifier, verify: Object.defineProperties(verify, all) }
    },
  ],
  [
    'a proxy of the verifier',
    (verifier, assertGood) => {
      const verify = guarded(verifier.verify, assertGood)
      return new Proxy(verifier, {
        get: (target, name) => (name === 'verify' ? verify : Reflect.get(target, name)),
      })
    },
  ],
  [
    'a proxy of the verifier that returns proxies of its functions',
    (verifier, assertGood) => {
      const apply = (call: Verify, self: unknown, [one]: [string]) => {
        assertGood(one)
        return Reflect.apply(call, self, [one])
      }
      return new Proxy(verifier, {
        get: (target, name) => new Proxy(Reflect.get(target, name), { apply }),
      })
    },
  ],
  [
    'an object that inherits from the verifier',
    (verifier, assertGood) =>
      Object.create(verifier, { verify: { value: guarded(verifier.verify, assertGood) } }),
  ],
  [
    'a class',
    (verifier, assertGood) => {
      class Guard {
        readonly settled = verifier.settled
        async verify(one: string) {
          assertGood(one)
          return verifier.verify(one)
        }
      }
      return new Guard() as Verifier
    },
  ],
  [
    'a function assigned to the verifier itself',
    (verifier, assertGood) =>
      Object.assign(verifier, { verify: guarded(verifier.verify, assertGood) }),
  ],
]

/** A wrapped verifier whose inner verifier has cached the token, and its list of revoked tokens. */
async function start(wrap: Wrap) {
  const inner = createVerifier(trust(issuer, { audience: ['api', RESOURCE] }), { now })
  await haveRemembered(inner, token)
  expect(fastPathOf(inner)).toBeDefined()
  const revoked = new Set<string>()
  const verifier = wrap(inner, (one) => {
    if (revoked.has(one)) throw new TokenError('ERR_TOKEN_CHECK')
  })
  return { verifier, revoked }
}

describe.each(WRAPPERS)('if verify is wrapped by %s', (_, wrap) => {
  test.each(EXPRESS_VERSIONS)('requireJwt calls the wrapper on %s', async (_version, express) => {
    const { verifier, revoked } = await start(wrap)
    const app = express().use(requireJwt(verifier), (_req, res) => void res.sendStatus(200))
    const ask = await serve(app.use(authErrorHandler()))

    const before = await ask('/', bearer(token))
    revoked.add(token)
    const after = await ask('/', bearer(token))

    expect([before.status, after.status]).toEqual([200, 401])
  })

  test('verifyRequest and mcpTokenVerifier call the wrapper', async () => {
    const { verifier, revoked } = await start(wrap)
    const req = { headers: { authorization: `Bearer ${token}` }, rawHeaders: [] } as never
    const forMcp = mcpTokenVerifier(verifier, { resource: RESOURCE, errors })
    const getToken = () => token

    await verifyRequest(verifier, req)
    await forMcp.verifyAccessToken(token)
    revoked.add(token)

    const refused = { code: 'ERR_TOKEN_CHECK' }
    await expect(verifyRequest(verifier, req)).rejects.toMatchObject(refused)
    await expect(verifyRequest(verifier, req, { getToken })).rejects.toMatchObject(refused)
    await expect(forMcp.verifyAccessToken(token)).rejects.toBeInstanceOf(errors.InvalidTokenError)
  })

  test('the fast path is not used', async () => {
    const { verifier } = await start(wrap)

    expect(fastPathOf(verifier)).toBeUndefined()
  })
})

test('the fast path works for a verifier that is merely copied', async () => {
  const { verifier } = await start((inner) => ({ ...inner }))

  expect(fastPathOf(verifier)?.(token)).toMatchObject({ claims: { sub: 'alice' } })
})

test('the fast path works for a verifier of another copy of the package', async () => {
  const path = '../../src/verify/fast-path.ts?another-copy'
  const another: { fastPathOf: typeof fastPathOf } = await import(path)
  const { verifier } = await start((inner) => inner)

  expect(another.fastPathOf).not.toBe(fastPathOf)
  expect(another.fastPathOf(verifier)).toBe(fastPathOf(verifier))
})

test('a function with the symbol of an earlier version is not used as a fast path', async () => {
  const { verifier } = await start((inner) => inner)
  const old = Symbol.for('jwt-gate.recall.2')
  const verify = Object.assign(async () => undefined, { [old]: () => 'anything' })

  expect(Reflect.get(verifier.verify, old)).toBeUndefined()
  expect(fastPathOf({ ...verifier, verify } as never)).toBeUndefined()
})
