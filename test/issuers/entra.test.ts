/**
 * Microsoft Entra ID: tenants, versions, and the keys that all tenants share.
 */
import { authorize, createVerifier, type Trusted } from 'jwt-gate'
import { entra } from 'jwt-gate/issuers'
import { describe, expect, test } from 'vitest'
import { createLookAlike, NOW, published, refusedAs } from './look-alike.ts'

const TENANT = '11111111-2222-3333-4444-555555555555'
const OTHER = '99999999-2222-3333-4444-555555555555'
const now = (): number => NOW * 1_000
const API = '66666666-7777-8888-9999-000000000000'
const CLIENT = 'aaaaaaaa-7777-8888-9999-000000000000'
const LOGIN = 'https://login.microsoftonline.com'
const v1 = (tenant: string): string => `https://sts.windows.net/${tenant}/`
const v2 = (tenant: string): string => `${LOGIN}/${tenant}/v2.0`
const V2_KEYS = `${LOGIN}/${TENANT}/discovery/v2.0/keys`
const V1_KEYS = `${LOGIN}/${TENANT}/discovery/keys`
const COMMON_KEYS = `${LOGIN}/common/discovery/v2.0/keys`

// the same keys in every place; those of version 2.0 name the issuer that they are for
const withIssuer = (keys: readonly Parameters<typeof published>[0][]): object => ({
  keys: keys.map((key) => published(key, { alg: undefined, issuer: v2('{tenantid}') })),
})
const withoutIssuer = (keys: readonly Parameters<typeof published>[0][]): object => ({
  keys: keys.map((key) => published(key, { alg: undefined })),
})

const issuer = await createLookAlike(
  {
    [V2_KEYS]: withIssuer,
    [COMMON_KEYS]: withIssuer,
    [V1_KEYS]: withoutIssuer,
    [`${LOGIN}/common/discovery/keys`]: withoutIssuer,
  },
  {
    header: { typ: 'JWT' },
    claims: {
      ...{ iss: v2(TENANT), aud: API, tid: TENANT, ver: '2.0', azp: CLIENT, azpacr: '0' },
      ...{ sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ', oid: CLIENT, scp: 'orders.read' },
      ...{ preferred_username: 'ada@example.com', name: 'Ada', rh: '0.A', uti: 'u' },
    },
  },
)
const V1 = {
  ...{ iss: v1(TENANT), aud: `api://${API}`, ver: '1.0', azp: undefined, azpacr: undefined },
  ...{ appid: CLIENT, appidacr: '0', upn: 'ada@example.com', unique_name: 'ada@example.com' },
}
const ours = entra({ tenantId: TENANT, audience: API })

test('a token of version 2.0 passes; the keys are those of the tenant', async () => {
  const trusted = entra({ tenantId: TENANT.toUpperCase(), audience: API, clientId: CLIENT })

  expect(await issuer.verify(trusted, await issuer.token())).toHaveProperty('claims.azp', CLIENT)
  expect(issuer.asked).toEqual([V2_KEYS])
})

test.each([`api://${API}`, API, 'https://orders.example.com'])(
  'a token of version 1.0 for %s passes',
  async (aud) => {
    const trusted = entra({ tenantId: TENANT, audience: aud, version: '1.0', clientId: CLIENT })

    const verdict = await issuer.verify(trusted, await issuer.token({ ...V1, aud }))

    expect(verdict).toHaveProperty('claims.appid', CLIENT)
  },
)

test('access rules read scp and roles', async () => {
  const trusted = entra({ tenantId: TENANT, audience: API })
  const fetch = async () => Response.json(withIssuer(issuer.keys))
  const verifier = createVerifier(trusted, { fetch, now })
  const user = await verifier.verify(await issuer.token())
  const app = await verifier.verify(await issuer.token({ scp: undefined, roles: ['Orders.All'] }))

  authorize(user, { scopes: ['orders.read'] })
  authorize(app, { claims: { roles: ['Orders.All'] } })
  expect(() => authorize(app, { scopes: ['orders.read'] })).toThrow('scope')
  expect([user.claims.azp, app.claims.tid]).toEqual([CLIENT, TENANT])
})

describe('the version', () => {
  test.each([
    ['1.0 where 2.0 is wanted', entra({ tenantId: TENANT, audience: API }), V1, 'of version 1.0'],
    [
      '1.0 where 2.0 is wanted, for any tenant',
      entra({ tenantId: 'any', audience: API }),
      V1,
      'of version 1.0',
    ],
    [
      '2.0 where 1.0 is wanted',
      entra({ tenantId: TENANT, audience: API, version: '1.0' }),
      {},
      'of version 2.0',
    ],
  ])(
    'a token of version %s is rejected, and the log says so',
    async (_, trusted: Trusted, claims, says) => {
      const error = await issuer.verify(trusted, await issuer.token(claims))

      expect(error).toEqual(refusedAs('ERR_CLAIM_ISSUER', 'ver'))
      expect(error).toHaveProperty('cause.message', expect.stringContaining(says))
      expect(error).toHaveProperty(
        'message',
        'The token is from an issuer that is not trusted here',
      )
    },
  )

  test('a forged token of the other version is still a forgery', async () => {
    const [header, payload] = (await issuer.token(V1)).split('.')
    const [, , signature] = (await issuer.token()).split('.')

    expect(await issuer.verify(ours, `${header}.${payload}.${signature}`)).toEqual(
      refusedAs('ERR_TOKEN_SIGNATURE'),
    )
  })

  test('a token of the other version and another tenant is from an untrusted issuer', async () => {
    const error = await issuer.verify(
      ours,
      await issuer.token({ ...V1, iss: v1(OTHER), tid: OTHER }),
    )

    expect(error).toEqual(refusedAs('ERR_CLAIM_ISSUER', 'iss'))
  })
})

describe('tenants', () => {
  const asOther = { iss: v2(OTHER), tid: OTHER }

  test.each([
    ['one', TENANT],
    ['a list', [TENANT, '33333333-2222-3333-4444-555555555555']],
  ])('a tenant outside of %s is rejected, although its keys are the same', async (_, tenantId) => {
    const trusted = entra({ tenantId, audience: API })

    expect(await issuer.verify(trusted, await issuer.token())).toHaveProperty('claims')
    expect(await issuer.verify(trusted, await issuer.token(asOther))).toEqual(
      refusedAs('ERR_CLAIM_ISSUER'),
    )
  })

  test('several share one fetch of the keys', async () => {
    const trusted = entra({ tenantId: [TENANT, OTHER], audience: API })
    const asked: string[] = []
    const fetch = async (url: unknown) => {
      asked.push(String(url))
      return Response.json(withIssuer(issuer.keys))
    }
    const verifier = createVerifier(trusted, {
      fetch: fetch as typeof globalThis.fetch,
      now,
    })

    await verifier.verify(await issuer.token())
    await verifier.verify(await issuer.token(asOther))
    expect(asked).toEqual([COMMON_KEYS])
  })

  test('any tenant passes only where that is spelled out, and shares the keys', async () => {
    const trusted = entra({ tenantId: 'any', audience: API })
    const asked: string[] = []
    const fetch = async (url: unknown) => {
      asked.push(String(url))
      return Response.json(withIssuer(issuer.keys))
    }
    const verifier = createVerifier(trusted, {
      fetch: fetch as typeof globalThis.fetch,
      now,
    })
    const tids: string[] = []
    for (const claims of [{}, asOther]) {
      tids.push((await verifier.verify(await issuer.token(claims))).claims.tid)
    }

    expect(tids).toEqual([TENANT, OTHER])
    expect(asked).toEqual([COMMON_KEYS])
  })

  test.each([
    [
      'a host that only begins like it',
      `https://login.microsoftonline.com.evil.example/${OTHER}/v2.0`,
    ],
    ['a path that goes on', `${v2(OTHER)}/x`],
    ['a name in place of an ID', `${LOGIN}/common/v2.0`],
    ['the template of its discovery', `${LOGIN}/{tenantid}/v2.0`],
    ['capitals', v2(OTHER.replace('9', 'A'))],
    ['Azure AD B2C', `https://example.b2clogin.com/${OTHER}/v2.0/`],
  ])('any tenant does not mean %s', async (_, iss) => {
    const before = issuer.asked.length
    const verdict = await issuer.verify(
      entra({ tenantId: 'any', audience: API }),
      await issuer.token({ iss }),
    )

    expect(verdict).toEqual(refusedAs('ERR_CLAIM_ISSUER'))
    expect(issuer.asked).toHaveLength(before)
  })

  test.each([
    ['another than the issuer', OTHER, 'mismatch'],
    ['missing', undefined, 'missing'],
  ])('a tid that is %s is rejected, because applications rely on it', async (_, tid, reason) => {
    for (const tenantId of [TENANT, 'any']) {
      const error = await issuer.verify(
        entra({ tenantId, audience: API }),
        await issuer.token({ tid }),
      )
      expect(error).toMatchObject({ code: 'ERR_CLAIM_INVALID', claim: 'tid', reason })
    }
  })
})

describe('what is no access token for this API', () => {
  test.each([
    [
      'an ID token',
      { azp: undefined, azpacr: undefined, scp: undefined, nonce: 'n' },
      'ERR_CLAIM_TOKEN_USE',
      'azp',
    ],
    [
      'a token for Microsoft Graph',
      { aud: '00000003-0000-0000-c000-000000000000' },
      'ERR_CLAIM_AUDIENCE',
      'aud',
    ],
    [
      'a token that any application of the tenant can get',
      { scp: undefined, idtyp: 'app' },
      'ERR_CLAIM_MISSING',
      'scp',
    ],
    ['a token with an empty permission', { scp: '' }, 'ERR_CLAIM_MISSING', 'scp'],
    [
      'a token with an empty list of roles',
      { scp: undefined, roles: [] },
      'ERR_CLAIM_MISSING',
      'scp',
    ],
  ])('%s', async (_, claims, code, claim) => {
    expect(await issuer.verify(ours, await issuer.token(claims))).toEqual(refusedAs(code, claim))
  })

  test('an ID token of version 1.0', async () => {
    const token = await issuer.token({ ...V1, aud: API, appid: undefined, appidacr: undefined })

    expect(
      await issuer.verify(entra({ tenantId: TENANT, audience: API, version: '1.0' }), token),
    ).toEqual(refusedAs('ERR_CLAIM_TOKEN_USE', 'appid'))
  })

  test('an application without a permission passes only if it is listed', async () => {
    const token = await issuer.token({ scp: undefined, idtyp: 'app' })
    const listed = entra({ tenantId: TENANT, audience: API, clientId: [CLIENT] })

    expect(await issuer.verify(listed, token)).toHaveProperty('claims')
    expect(await issuer.verify(listed, await issuer.token({ azp: OTHER }))).toEqual(
      refusedAs('ERR_CLAIM_CLIENT_ID', 'azp'),
    )
  })
})

describe('a key that names its issuer', () => {
  const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'
  const verdictOf = async (tenant: string, issuerOfKey: string) => {
    const fetch = async () =>
      Response.json({ keys: issuer.keys.map((key) => published(key, { issuer: issuerOfKey })) })
    const verifier = createVerifier(entra({ tenantId: 'any', audience: API }), { fetch, now })
    const token = await issuer.token({ iss: v2(tenant), tid: tenant })
    return verifier.verify(token).catch((error: unknown) => error)
  }

  test.each([
    ['personal accounts', PERSONAL, v2(PERSONAL), undefined],
    ['personal accounts, under a token of a tenant', TENANT, v2(PERSONAL), 'ERR_KEY_UNUSABLE'],
    ['all tenants', TENANT, v2('{tenantid}'), undefined],
    ['version 1.0', TENANT, v1('{tenantid}'), 'ERR_KEY_UNUSABLE'],
  ])('is for %s', async (_, tenant, issuerOfKey, code) => {
    expect(((await verdictOf(tenant, issuerOfKey)) as { code?: string }).code).toBe(code)
  })
})

test.each([
  ['no tenant', { tenantId: undefined }, '"tenantId" must be given'],
  ['an empty list', { tenantId: [] }, '"tenantId"'],
  ['a domain', { tenantId: 'contoso.onmicrosoft.com' }, 'must be the directory (tenant) ID'],
  ['an issuer', { tenantId: v2(TENANT) }, 'must be the directory (tenant) ID'],
  ['common', { tenantId: 'common' }, 'cannot be common'],
  ['organizations in a list', { tenantId: [TENANT, 'organizations'] }, 'cannot be common'],
  ['any in a list', { tenantId: [TENANT, 'any'] }, 'not both'],
  ['a placeholder', { tenantId: 'Enter_the_Tenant_Info_Here' }, 'contains a placeholder'],
  ['the URI of the API in version 2.0', { audience: `api://${API}` }, '"version" is "1.0"'],
  ['another version', { version: 2 }, '"version" must be'],
])('%s is a ConfigError', (_, change, message) => {
  expect(() => entra({ tenantId: TENANT, audience: API, ...change } as never)).toThrow(message)
})

test('no audience is a ConfigError of the verifier', () => {
  expect(() => createVerifier(entra({ tenantId: TENANT } as never))).toThrow(
    '"audience" must be given',
  )
})

describe('given keys', () => {
  // as Entra publishes them: those of version 2.0 name it, and sign tokens of both versions
  const jwks = withIssuer(issuer.keys) as { keys: [] }

  test.each([[[TENANT]], [[TENANT, OTHER]], ['any']])(
    'need no network, and a token of the other version is explained, for %s',
    async (tenantId) => {
      const before = issuer.asked.length
      const trusted = entra({ tenantId, audience: API, jwks })

      expect(await issuer.verify(trusted, await issuer.token())).toHaveProperty('claims')
      const error = await issuer.verify(trusted, await issuer.token(V1))
      expect(error).toEqual(refusedAs('ERR_CLAIM_ISSUER', 'ver'))
      expect(error).toHaveProperty('cause.message', expect.stringContaining('of version 1.0'))
      expect(issuer.asked).toHaveLength(before)
    },
  )

  test.each([null, {}, { keys: [] }, { keys: [null] }])(
    'that are no keys (%j) are a ConfigError of the verifier',
    (noKeys) => {
      const trusted = entra({ tenantId: TENANT, audience: API, jwks: noKeys as never })

      expect(() => createVerifier(trusted)).toThrow(/^"jwks"/)
    },
  )
})
