/**
 * The tables of docs/keys.md, row by row against the verifier.
 */
import {
  cognito,
  createVerifier,
  type JwtGateError,
  type KeysError,
  TokenError,
  type VerifierEvent,
  type VerifierOptions,
} from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'
import { readVerifierOptions } from '../../src/verify/verifier-options.ts'
import {
  createSetup,
  down,
  isPending,
  LIFETIME_MS,
  MAX_STALE_MS,
  mintTokens,
} from '../verify/support/key-endpoint.ts'
import { codeOf, read, tableOf } from './markdown.ts'

const document = read('docs/keys.md')
const issuer = await createTestIssuer()
const { first, unknown } = await mintTokens(issuer)

/** What a call does with keys of this age if the endpoint does not respond, and whether a refresh is in flight. */
async function callAt(ageMs: number) {
  const { verifier, clock, hold, requests } = createSetup(issuer)
  await verifier.verify(first)
  const release = hold()
  clock.advance(ageMs)
  const call = verifier.verify(first)
  const waits = await isPending(call)
  const started = requests() - 1
  release(0)
  await call
  return { waits, started }
}

/** What a call does with keys of this age if the endpoint is down. */
async function callInOutage(ageMs: number): Promise<string> {
  const { verifier, clock, answer } = createSetup(issuer)
  await verifier.verify(first)
  answer(down)
  clock.advance(ageMs)
  return verifier.verify(first).then(
    () => 'uses them',
    (error: KeysError) => error.code,
  )
}

test('the age of keys', async () => {
  const rows = tableOf(document, 'age of the keys')
  const upTo = async (from: number, to: number) => [await callAt(from), await callAt(to - 1)]
  const L = LIFETIME_MS
  const stale = MAX_STALE_MS

  expect(rows).toHaveLength(4)
  expect(rows[0]?.[1]).toBe('uses them')
  expect(await upTo(0, 0.8 * L)).toEqual(Array(2).fill({ waits: false, started: 0 }))
  expect(rows[1]?.[1]).toContain('a refresh that it does not wait for')
  expect(await upTo(0.8 * L, 2 * L)).toEqual(Array(2).fill({ waits: false, started: 1 }))
  expect(rows[2]?.[1]).toContain('uses them only if it fails')
  expect(await upTo(2 * L, stale)).toEqual(Array(2).fill({ waits: true, started: 1 }))
  expect(await callInOutage(2 * L)).toBe('uses them')
  expect(await callInOutage(stale - 1)).toBe('uses them')
  expect(rows[3]?.[1]).toContain('ERR_JWKS_UNAVAILABLE')
  expect(await callInOutage(stale)).toBe('ERR_JWKS_UNAVAILABLE')
})

test('the options, with their defaults and maximums', () => {
  const rows = tableOf(document, '`jwks` option')
  const defaults: Record<string, number> = { ...readVerifierOptions().jwks }
  const units: Record<string, number> = {
    '10 minutes': 600_000,
    'a day': 86_400_000,
    'a week': 604_800_000,
  }

  expect(Object.fromEntries(rows.map(([name, , value]) => [codeOf(name), Number(value)]))).toEqual(
    defaults,
  )
  for (const [name, , , most = ''] of rows) {
    const max = units[most] ?? Number(most)
    expect(() => readVerifierOptions({ jwks: { [codeOf(name)]: max } })).not.toThrow()
    expect(() => readVerifierOptions({ jwks: { [codeOf(name)]: max + 1 } })).toThrow(`to ${max}`)
  }
})

test('the reasons for a failure', async () => {
  const rows = tableOf(document, 'code').map(([code, reason]) => [codeOf(code), codeOf(reason)])
  const json = (body: unknown) => async () => Response.json(body)
  const found: [VerifierOptions['fetch'], object?][] = [
    [() => new Promise(() => undefined)],
    [() => Promise.reject(new TypeError('fetch failed'))],
    [async () => new Response('', { status: 403 })],
    [async () => new Response('', { status: 302, headers: { location: '/' } })],
    [async () => new Response('<html>')],
    [json([])],
    [json({ keys: [] })],
    [json({ keys: Array(101).fill({}) })],
    [json({ issuer: 'https://evil.example' }), { jwksUri: undefined }],
    [json({ issuer: issuer.issuer, jwks_uri: 'http://a.example' }), { jwksUri: undefined }],
  ]
  const seen = await Promise.all(
    found.map(([fetch, more]) => {
      const trusted = { issuer: issuer.issuer, audience: null, jwksUri: issuer.jwksUri, ...more }
      return codeAndReason(
        createVerifier(trusted as never, { fetch, jwks: { timeoutMs: 20 } } as VerifierOptions),
      )
    }),
  )
  const closing = createSetup(issuer)
  closing.hold()
  const closed = codeAndReason(closing.verifier)
  await isPending(closed)
  closing.verifier.close()
  const all = [...seen, await closed, await limited()].map(String)

  expect(all.toSorted()).toEqual(rows.map(String).toSorted())
})

/** One more issuer, found by a function, than may be fetched in a row. */
async function limited(): Promise<string[]> {
  const fetch = () => new Promise<Response>(() => undefined)
  const verifier = createVerifier((one) => ({ issuer: one, audience: null }), {
    ...{ fetch, maxIssuers: 100, now: () => 1_800_000_000_000 },
  })
  const mint = (at: number) => issuer.token({ iss: `https://t${at}.example`, exp: 4e9 })
  const [last = '', ...others] = await Promise.all(Array.from({ length: 101 }, (_, at) => mint(at)))
  for (const token of others) void verifier.verify(token).catch(() => undefined)
  const said = await codeAndReason(verifier, last)
  verifier.close()
  return said
}

async function codeAndReason(
  verifier: ReturnType<typeof createVerifier>,
  token = first,
): Promise<string[]> {
  const error: KeysError = await verifier.verify(token).then(
    () => expect.fail('it was accepted'),
    (reason: KeysError) => reason,
  )
  return [error.code, String(error.reason)]
}

test('the events and their members', async () => {
  const rows = tableOf(document, 'event')
  const { verifier, clock, events, answer } = createSetup(issuer)
  await verifier.verify(first)
  for (let at = 0; at < 4; at++) await verifier.verify(unknown).catch(() => undefined)
  answer(down)
  clock.advance(2 * LIFETIME_MS)
  await verifier.verify(first)
  await nameUnusedForm((event) => events.push(event))
  const fields = new Map(events.map((event: VerifierEvent) => [event.type, Object.keys(event)]))

  expect(rows.map(([type]) => codeOf(type)).toSorted()).toEqual([...fields.keys()].toSorted())
  for (const [type, names] of rows) {
    const listed = [...(names ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name)
    expect(['type', 'issuer', ...listed]).toEqual(fields.get(codeOf(type) as never))
  }
})

/** A token of the issuer form that a user pool does not use. */
async function nameUnusedForm(onEvent: (event: VerifierEvent) => void): Promise<void> {
  const { userPoolId, clientId, jwks } = issuer
  const pool = cognito({ userPoolId, clientId, tokenUse: 'access' })
  const fetch = async (url: unknown) =>
    String(url).startsWith(issuer.issuer) ? Response.json(jwks) : new Response('', { status: 403 })
  const verifier = createVerifier(pool, { onEvent, fetch: fetch as typeof globalThis.fetch })
  await verifier.verify(await issuer.accessToken())
  const iss = issuer.issuer.replace('//', '//issuer-')
  const refused = await codeAndReason(verifier as never, await issuer.accessToken({ iss }))
  expect(refused).toEqual(['ERR_CLAIM_ISSUER', 'not_in_use'])
}

test('what a function that finds issuers may do', async () => {
  const rows = tableOf(document, 'the function').map(([what = '', so = '']) => [what, so] as const)
  const trusted = { issuer: issuer.issuer, audience: null, jwks: issuer.jwks }
  const refusal = new TokenError('ERR_TOKEN_CHECK')
  const functions: [string, () => unknown][] = [
    ['verified; the result', () => trusted],
    ['ERR_CLAIM_ISSUER', () => undefined],
    [
      'the same, and one event `issuers.mismatch`',
      () => ({ ...trusted, issuer: 'https://b.example' }),
    ],
    ['ERR_JWKS_UNAVAILABLE', () => Promise.reject(new Error('database'))],
    ['that error', () => Promise.reject(refusal)],
    ['ERR_CONFIG_INVALID', () => ({ ...trusted, audience: undefined })],
  ]

  expect(rows).toHaveLength(functions.length)
  for (const [at, [named, find]] of functions.entries()) {
    const so = rows[at]?.[1] ?? ''
    const events: VerifierEvent[] = []
    const onEvent = (event: VerifierEvent) => events.push(event)
    const code = await createVerifier(find as never, { onEvent })
      .verify(first)
      .then(
        () => 'verified',
        (error: JwtGateError) => (error === refusal ? 'that error' : error.code),
      )
    expect(so).toContain(named)
    expect(at === 2 ? 'ERR_CLAIM_ISSUER' : named).toContain(code.split(';')[0])
    const types = [...so.matchAll(/`(issuers\.\w+)`/g)].map(([, type]) => type)
    expect(events.map(({ type }) => type)).toEqual(types)
  }
})
