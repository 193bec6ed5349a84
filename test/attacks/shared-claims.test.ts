/**
 * If one request changes its claims, the next request with the same token must not see it. Claims that cannot be frozen are not
 * shared.
 */
import { createVerifier, type StandardSchemaV1 } from 'jwt-gate'
import { requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ACCEPTED, claimsOf, NOW, now, sayOf, trust } from './setup.ts'

const issuer = await createTestIssuer({ now })
const token = await issuer.token({ ...claimsOf(issuer), exp: NOW + 3_600 })

class Account {
  role = 'reader'
}

/** A schema that returns this value for every token, and counts its calls. */
function schemaOf(make: () => unknown) {
  const seen = { times: 0 }
  const validate = () => {
    seen.times++
    return { value: { member: make() as never } }
  }
  const schema = { '~standard': { version: 1, vendor: 'test', validate } }
  return { seen, schema: schema as StandardSchemaV1<unknown, { member: never }> }
}

type Change = (member: never) => unknown

const changeable: [string, () => unknown, Change][] = [
  ['a date', () => new Date(0), (date: Date) => date.setFullYear(2099)],
  ['a set', () => new Set(['reader']), (set: Set<string>) => set.add('admin')],
  ['a map', () => new Map(), (map: Map<string, string>) => map.set('role', 'admin')],
  [
    'an instance',
    () => new Account(),
    (account: Account) => Object.assign(account, { role: 'admin' }),
  ],
  ['a regular expression', () => /a/g, (regexp: RegExp) => regexp.exec('a')],
  ['bytes', () => new Uint8Array(2), (bytes: Uint8Array) => bytes.fill(1)],
  ['a function', () => () => 1, (one: object) => Object.assign(one, { role: 'admin' })],
  ['a date in a list', () => [[new Date(0)]], ([[date]]: [[Date]]) => date.setFullYear(2099)],
  [
    'a member with a symbol as its name',
    () => ({ [Symbol.for('roles')]: new Set() }),
    (one: { [key: symbol]: Set<string> }) => one[Symbol.for('roles')]?.add('admin'),
  ],
  [
    'a member that is not enumerable',
    () => Object.defineProperty({}, 'roles', { value: new Set(['reader']) }),
    (one: { roles: Set<string> }) => one.roles.add('admin'),
  ],
  [
    'a proxy with a state of its own',
    () => {
      const hidden = new Map<unknown, unknown>()
      return new Proxy({} as Record<string, unknown>, {
        get: (_, name) => hidden.get(name),
        set: (_, name, value) => hidden.set(name, value) !== undefined,
      })
    },
    (one: Record<string, unknown>) => {
      one['role'] = 'admin'
    },
  ],
  [
    'an object behind a getter',
    () => {
      const roles = ['reader']
      return {
        get roles() {
          return roles
        },
      }
    },
    (one: { roles: string[] }) => one.roles.push('admin'),
  ],
]

describe.each(changeable)('%s', (_name, make, change) => {
  test.each([
    ['synchronously', false],
    ['asynchronously', true],
  ])('is created anew for each call if a schema returns it %s', async (_when, isAsync) => {
    const { schema } = schemaOf(make)
    const { validate } = schema['~standard']
    const inTurn = { ...schema['~standard'], validate: async (value: unknown) => validate(value) }
    const claims = isAsync ? { '~standard': inTurn as never } : schema
    const verifier = createVerifier({ ...trust(issuer), claims }, { now })

    const seen: unknown[] = []
    for (let n = 0; n < 4; n++) {
      const { member } = (await verifier.verify(token)).claims as { member: never }
      seen.push(member)
      change(member)
    }

    expect(new Set(seen).size).toBe(4)
  })
})

test('the same with verifySync, with a check, and in Express', async () => {
  const { schema } = schemaOf(() => new Set(['reader']))
  const trusted = { ...trust(issuer), claims: schema }
  const plain = createVerifier(trusted, { now })
  const checked = createVerifier(trusted, { now, check: () => undefined })
  const inExpress = async (): Promise<unknown> => {
    const req = { headers: { authorization: `Bearer ${token}` }, rawHeaders: [] } as never
    await new Promise((resolve) => requireJwt(plain)(req, {} as never, resolve))
    return (req as { auth: unknown }).auth
  }
  const ways = [
    () => plain.verify(token),
    () => plain.verifySync(token),
    () => checked.verify(token),
    () => checked.verifySync(token),
    inExpress,
  ]

  const seen = new Set<unknown>()
  for (let n = 0; n < 3; n++) {
    for (const way of ways) {
      const { claims } = (await way()) as { claims: { member: Set<string> } }
      expect([...claims.member]).toEqual(['reader'])
      claims.member.add('admin')
      seen.add(claims.member)
    }
  }

  expect(seen.size).toBe(15)
})

test('a schema that runs again may reject a token that it accepted before', async () => {
  const state = { isGood: true }
  const validate = () =>
    state.isGood ? { value: { at: new Date(0) } } : { issues: [{ message: 'no', path: ['at'] }] }
  const claims = { '~standard': { version: 1, vendor: 'test', validate } } as StandardSchemaV1
  const verifier = createVerifier({ ...trust(issuer), claims }, { now })
  for (let n = 0; n < 3; n++) await verifier.verify(token)

  state.isGood = false

  const refused = 'ERR_TOKEN_CHECK at schema'
  expect(await sayOf(() => verifier.verify(token))).toBe(refused)
  expect(await sayOf(() => verifier.verifySync(token))).toBe(refused)
})

test('claims may refer to themselves through a member that is not enumerable', async () => {
  const { schema } = schemaOf(() => {
    const one = { role: 'reader' }
    return Object.defineProperty(one, 'self', { value: one })
  })
  const verifier = createVerifier({ ...trust(issuer), claims: schema }, { now })

  expect(await sayOf(() => verifier.verify(token))).toBe(ACCEPTED)
})

test('the control: claims that are deeply frozen are created once and shared', async () => {
  const roles = z.array(z.string()).default(['reader'])
  const verifier = createVerifier(
    { ...trust(issuer), claims: z.object({ sub: z.string(), roles }) },
    { now },
  )
  const { schema, seen } = schemaOf(() => ({ a: [1, { b: 'c' }], none: null }))
  const counted = createVerifier({ ...trust(issuer), claims: schema }, { now })

  for (let n = 0; n < 5; n++) await counted.verify(token)
  await verifier.verify(token)
  const second = await verifier.verify(token)
  const third = await verifier.verify(token)

  expect(third).toBe(second)
  expect(() => third.claims.roles.push('admin')).toThrow(TypeError)
  expect(seen.times).toBe(2)
})
