/**
 * Nobody uses a token that was revoked, whatever it was revoked by, however often it was used before, and however its claims are
 * written. Each attack has a control: the same request with a token that was not revoked passes.
 */
import { createVerifier, type VerifierOptions } from 'jwt-gate'
import { createRevocations, memoryRevocationStore, type RevokedTokens } from 'jwt-gate/stores'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'

const NOW = 1_800_000_000
const EXP = NOW + 3_600
const now = () => NOW * 1_000
const issuer = await createTestIssuer({ now, algorithms: ['ES256'] })
const other = await createTestIssuer({ now, userPoolId: 'eu-west-1_Other0000' })
const iss = issuer.issuer
const REVOKED = 'ERR_TOKEN_REVOKED'
const CLAIMS = {
  jti: 'token-1',
  origin_jti: 'sign-in-1',
  sid: 'session-1',
  sub: 'alice',
  client_id: 'app',
}
type Member = keyof typeof CLAIMS
const MEMBERS = Object.keys(CLAIMS) as Member[]
const entryOf = (member: Member): RevokedTokens => ({
  issuer: iss,
  [member]: CLAIMS[member],
  until: EXP,
})

function createWorld(options: VerifierOptions = {}) {
  const revocations = createRevocations({
    store: memoryRevocationStore({ now }),
    whenStale: 'refuse',
    now,
  })
  const trusted = [issuer, other].map((one) => ({
    issuer: one.issuer,
    audience: null,
    jwks: one.jwks,
  }))
  const verifier = createVerifier(trusted, { now, revocations, ...options })
  const judge = (token: string): Promise<string> =>
    verifier.verify(token).then(
      () => 'accepted',
      ({ code }) => code,
    )
  return { revocations, verifier, judge }
}

const mint = (claims: Record<string, unknown> = {}, by = issuer): Promise<string> =>
  by.token({ iss: by.issuer, exp: EXP, iat: NOW - 60, ...CLAIMS, ...claims })

describe.each(MEMBERS)('revoked by %s', (member) => {
  test('a new token does not pass', async () => {
    const { revocations, judge } = createWorld()
    await revocations.revoke(entryOf(member))

    expect(await judge(await mint())).toBe(REVOKED)
    expect(await judge(await mint({ [member]: 'control' }))).toBe('accepted')
  })

  test('a cached token does not pass, in any way of asking', async () => {
    const { revocations, verifier, judge } = createWorld()
    const [token, control] = [await mint(), await mint({ [member]: 'control' })]
    for (let use = 0; use < 4; use++) {
      expect([await judge(token), await judge(control)]).toEqual(['accepted', 'accepted'])
    }
    await revocations.revoke(entryOf(member))

    for (let use = 0; use < 2; use++) {
      expect([await judge(token), await judge(control)]).toEqual([REVOKED, 'accepted'])
      expect(() => verifier.verifySync(token)).toThrow(expect.objectContaining({ code: REVOKED }))
      expect(verifier.verifySync(control).issuer).toBe(iss)
    }
  })

  test('a verifier without a cache rejects it too', async () => {
    const { revocations, judge } = createWorld({ tokenCache: false })
    await revocations.revoke(entryOf(member))

    expect(await judge(await mint())).toBe(REVOKED)
    expect(await judge(await mint({ [member]: 'control' }))).toBe('accepted')
  })

  test('the tokens of another issuer with the same value are not met', async () => {
    const { revocations, judge } = createWorld()
    await revocations.revoke({ ...entryOf(member), issuer: other.issuer })

    expect(await judge(await mint({}, other))).toBe(REVOKED)
    expect(await judge(await mint())).toBe('accepted')
  })

  test('the same text in another claim is not met', async () => {
    const { revocations, judge } = createWorld()
    await revocations.revoke(entryOf(member))
    const elsewhere = Object.fromEntries(
      MEMBERS.map((one) => [one, one === member ? 'control' : CLAIMS[member]]),
    )

    expect(await judge(await mint())).toBe(REVOKED)
    expect(await judge(await mint(elsewhere))).toBe('accepted')
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'size', 'get'])(
    'the value %s is a value like any other',
    async (value) => {
      const { revocations, judge } = createWorld()
      expect(await judge(await mint({ [member]: value }))).toBe('accepted')
      await revocations.revoke({ ...entryOf(member), [member]: value })

      expect(await judge(await mint({ [member]: value }))).toBe(REVOKED)
      expect(await judge(await mint())).toBe('accepted')
    },
  )

  test.each(['ALICE ', ' ', 'token-1\u0000', 'tоken-1', 'Token-1', 'app\n'])(
    'only the exact text is met: not %j',
    async (value) => {
      const { revocations, judge } = createWorld()
      await revocations.revoke({ ...entryOf(member), [member]: value })

      expect(await judge(await mint())).toBe('accepted')
      expect(await judge(await mint({ [member]: value }))).toBe(REVOKED)
    },
  )

  test.each(['', undefined, null, 5, {}, [CLAIMS[member]], true, 'x'.repeat(2_049)])(
    'an entry that would meet nothing, or everything, is an error: %j',
    async (value) => {
      const { revocations, judge } = createWorld()
      const entry = { issuer: iss, [member]: value, until: EXP } as unknown as RevokedTokens

      await expect(revocations.revoke(entry)).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' })
      await expect(revocations.restore(entry)).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' })
      expect(await judge(await mint())).toBe('accepted')
    },
  )
})

describe('the client', () => {
  test.each([
    ['azp', { azp: 'app' }],
    ['cid', { cid: 'app' }],
    ['appid', { appid: 'app' }],
    ['aud of an ID token', { token_use: 'id', aud: 'app' }],
    ['a list in aud of an ID token', { token_use: 'id', aud: ['x', 'app'] }],
  ])('of a token that has it in %s is met', async (_, claims) => {
    const { revocations, judge } = createWorld()
    const token = await mint({ client_id: undefined, ...claims })
    expect(await judge(token)).toBe('accepted')
    await revocations.revoke(entryOf('client_id'))

    expect(await judge(token)).toBe(REVOKED)
    expect(await judge(await mint({ client_id: 'other' }))).toBe('accepted')
  })

  test('is not hidden by another claim for it', async () => {
    const { revocations, judge } = createWorld()
    await revocations.revoke(entryOf('client_id'))

    expect(await judge(await mint({ client_id: 'other', azp: 'app' }))).toBe(REVOKED)
    expect(await judge(await mint({ client_id: 'other', azp: 'third' }))).toBe('accepted')
  })

  test('is not the audience of an access token', async () => {
    const { revocations, judge } = createWorld()
    await revocations.revoke(entryOf('client_id'))
    const access = { client_id: 'other', token_use: 'access', aud: 'app' }

    expect(await judge(await mint(access))).toBe('accepted')
    expect(await judge(await mint())).toBe(REVOKED)
  })
})

describe('types', () => {
  test('a number that an issuer writes is met by its text', async () => {
    const { revocations, judge } = createWorld()
    await revocations.revoke({ issuer: iss, sid: '123', until: EXP })

    expect(await judge(await mint({ sid: 123 }))).toBe(REVOKED)
    expect(await judge(await mint({ sid: 124 }))).toBe('accepted')
  })

  test.each([['origin_jti'], ['sid']])(
    '%s may be anything else without an error',
    async (member) => {
      const { revocations, judge } = createWorld()
      await revocations.revoke({ issuer: iss, [member]: '[object Object]', until: EXP })

      for (const value of [{}, [], null, true, { toString: 'x' }]) {
        expect(await judge(await mint({ [member]: value }))).toBe('accepted')
      }
      expect(await judge(await mint({ [member]: '[object Object]' }))).toBe(REVOKED)
    },
  )

  test('a token without the claim passes', async () => {
    const { revocations, judge } = createWorld()
    await revocations.revoke(entryOf('sid'))

    expect(await judge(await mint({ sid: undefined }))).toBe('accepted')
    expect(await judge(await mint())).toBe(REVOKED)
  })

  test('claims that a schema removes or changes still count', async () => {
    const revocations = createRevocations({
      store: memoryRevocationStore({ now }),
      whenStale: 'refuse',
      now,
    })
    const claims = {
      '~standard': {
        ...{ version: 1 as const, vendor: 'test' },
        validate: () => ({ value: { sub: 'somebody else' } }),
      },
    }
    const verifier = createVerifier(
      { issuer: iss, audience: null, jwks: issuer.jwks, claims },
      { now, revocations },
    )
    await revocations.revoke(entryOf('sub'))

    await expect(verifier.verify(await mint())).rejects.toMatchObject({ code: REVOKED })
    expect((await verifier.verify(await mint({ sub: 'bob' }))).claims.sub).toBe('somebody else')
  })
})

describe('issuedBefore', () => {
  test.each([
    ['the same second', { iat: NOW - 60 }, REVOKED],
    ['a moment before', { iat: NOW - 60.001 }, REVOKED],
    ['no iat', { iat: undefined }, REVOKED],
    ['a moment later', { iat: NOW - 59.999 }, 'accepted'],
    ['1970', { iat: 0 }, REVOKED],
    ['before 1970', { iat: -1 }, REVOKED],
  ])('with a token of %s', async (_, claims, outcome) => {
    const { revocations, judge } = createWorld()
    await revocations.revoke({ ...entryOf('sub'), issuedBefore: NOW - 60 })

    expect(await judge(await mint(claims))).toBe(outcome)
    expect(await judge(await mint({ iat: NOW }))).toBe('accepted')
  })

  test.each([['1800000000'], [null], [['x']], [{}]])(
    'an iat that is no number does not make a token new: %j',
    async (iat) => {
      const { revocations, judge } = createWorld()
      await revocations.revoke({ ...entryOf('sub'), issuedBefore: NOW - 60 })

      expect(await judge(await mint({ iat }))).not.toBe('accepted')
      expect(await judge(await mint({ iat: NOW }))).toBe('accepted')
    },
  )

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 0, '5', null, NOW * 1_000])(
    'must be a time in seconds: not %s',
    async (time) => {
      const { revocations, judge } = createWorld()
      for (const option of ['until', 'issuedBefore']) {
        const entry = { ...entryOf('sub'), [option]: time } as RevokedTokens
        await expect(revocations.revoke(entry)).rejects.toMatchObject({
          code: 'ERR_CONFIG_INVALID',
          message: expect.stringContaining(`"${option}"`),
        })
      }
      expect(await judge(await mint())).toBe('accepted')
    },
  )
})

describe('an entry', () => {
  test.each([
    ['no claim', { issuer: iss, until: EXP }],
    ['two claims', { issuer: iss, sub: 'alice', jti: 'token-1', until: EXP }],
    ['an unknown claim', { issuer: iss, email: 'a@example.com', until: EXP }],
    ['a misspelled option', { issuer: iss, sub: 'alice', untill: EXP, until: EXP }],
    ['no issuer', { sub: 'alice', until: EXP }],
    ['an empty issuer', { issuer: '', sub: 'alice', until: EXP }],
    ['no end', { issuer: iss, sub: 'alice' }],
    ['an inherited end', Object.create({ issuer: iss, sub: 'alice', until: EXP })],
    ['nothing', undefined],
  ])('with %s is an error, and revokes nothing', async (_, entry) => {
    const { revocations, judge } = createWorld()

    await expect(revocations.revoke(entry as RevokedTokens)).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
    })
    expect(await judge(await mint())).toBe('accepted')
  })

  test.each([`${iss}/`, iss.toUpperCase(), iss.replace('https', 'http'), '*'])(
    'for the issuer %s does not meet tokens of an issuer that looks like it',
    async (issuerOfEntry) => {
      const { revocations, judge } = createWorld()
      await revocations.revoke({ ...entryOf('sub'), issuer: issuerOfEntry })

      expect(await judge(await mint())).toBe('accepted')
      await revocations.revoke(entryOf('sub'))
      expect(await judge(await mint())).toBe(REVOKED)
    },
  )

  test('is read once: its members cannot change afterwards', async () => {
    const { revocations, judge } = createWorld()
    const entry = { ...entryOf('sub') } as Record<string, unknown>
    const revoked = revocations.revoke(entry as unknown as RevokedTokens)
    entry['sub'] = 'bob'
    await revoked

    expect(await judge(await mint())).toBe(REVOKED)
    expect(await judge(await mint({ sub: 'bob' }))).toBe('accepted')
  })
})

describe('the verifier', () => {
  test('asks before the check of the user, which cannot let the token pass', async () => {
    const asked: unknown[] = []
    const { revocations, judge } = createWorld({
      check: ({ claims }) => void asked.push(claims.sub),
    })
    await revocations.revoke(entryOf('sub'))

    expect(await judge(await mint())).toBe(REVOKED)
    expect(await judge(await mint({ sub: 'bob' }))).toBe('accepted')
    expect(asked).toEqual(['bob'])
  })

  test('reports a forged token as forged: nobody learns what was revoked without a signature', async () => {
    const { revocations, judge } = createWorld()
    await revocations.revoke(entryOf('sub'))
    const [token, control] = [await mint(), await mint({ sub: 'bob' })]

    expect(await judge(`${token.slice(0, token.lastIndexOf('.'))}.AAAA`)).toBe(
      'ERR_TOKEN_SIGNATURE',
    )
    expect(await judge(control)).toBe('accepted')
  })

  test.each([{}, [], 'x', null, { assertNotRevoked: 5 }])(
    'does not start with a list that is none: %j',
    (revocations) => {
      const make = () =>
        createVerifier(
          { issuer: iss, audience: null, jwks: issuer.jwks },
          { revocations: revocations as never },
        )

      expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
    },
  )
})
