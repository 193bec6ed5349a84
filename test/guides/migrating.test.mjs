/**
 * The migration guides: the code before and the code after, side by side, with the same tokens over real HTTP.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createTestIssuer } from 'jwt-gate/testing'
import { writeBlocks } from './blocks.mjs'

const load = (page, name) => import(pathToFileURL(join(writeBlocks(page).folder, name)).href)
const minutes = (count) => count * 60_000
const realNow = Date.now
const closing = []
const issuer = await createTestIssuer()
await issuer.listen()
after(() => issuer.close())
afterEach(async () => {
  Date.now = realNow
  while (closing.length > 0) await closing.pop()()
})

/** The rows of the table in which each situation is compared. */
function readRows(page) {
  const text = readFileSync(join(import.meta.dirname, `../../docs/${page}.md`), 'utf8')
  const [, table = ''] = text.split(/^\| token or situation .*\n.*\n/m)
  const lines = table.split('\n').filter((line) => line.startsWith('|'))
  return lines.map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, 4),
  )
}

/** What each situation is: the header that is sent, or a change of the world before it. */
const SITUATIONS = {
  good: {},
  'good, but lacks the scope': { claims: { scope: 'profile' } },
  expired: { claims: { exp: 1 } },
  '`typ` is `logout+jwt` or `dpop+jwt`': { header: { typ: 'dpop+jwt' } },
  'bound to a key (`cnf`)': { claims: { cnf: { jkt: 'a' } } },
  'no `exp`': { claims: { exp: undefined } },
  '`sub` is a number': { claims: { sub: 7 } },
  'the issuer is down, and no keys were fetched': { prepare: () => issuer.fail('down') },
  'the issuer is down, and the keys are 20 minutes old': {
    async prepare({ ask, good }) {
      await ask(`Bearer ${good}`)
      issuer.fail('down')
      const later = realNow() + minutes(20)
      Date.now = () => later
    },
  },
  '`Authorization: Bearer a, Bearer b`': { authorization: () => 'Bearer a, Bearer b' },
  '`Authorization: bearer <token>`': { authorization: (token) => `bearer ${token}` },
  'no token': { authorization: () => undefined },
}

/** @param create - makes a function that takes an `Authorization` header and returns a status */
async function observe(name, create) {
  const situation = SITUATIONS[name]
  assert.ok(situation, `no such situation: ${name}`)
  const { claims, header, prepare, authorization = (token) => `Bearer ${token}` } = situation
  issuer.fail(null)
  const ask = await create(issuer.issuer, issuer.jwksUri)
  const sign = (change, options) => {
    const iat = Math.floor(realNow() / 1000)
    const usual = {
      iss: issuer.issuer,
      aud: 'https://api.example.com',
      sub: 'alice',
      iat,
      exp: iat + 3600,
    }
    return issuer.token({ ...usual, scope: 'orders/read', ...change }, options)
  }
  const good = await sign()
  await prepare?.({ ask, good })
  return ask(authorization(await sign(claims, header && { header })))
}

/** Asks a server, with one `Authorization` header or none. */
async function askServer(server, authorization) {
  const { port } = server.address()
  const headers = { connection: 'close', ...(authorization !== undefined && { authorization }) }
  const { status } = await fetch(`http://127.0.0.1:${port}/orders`, { headers })
  return status
}

const CREATE = {
  'migrating-from-jose':
    ({ createCheck }) =>
    (issuer, jwksUri) => {
      const check = createCheck(issuer, jwksUri)
      return async (authorization) => (await check(authorization)).status
    },
  'migrating-from-passport-jwt':
    ({ createApp }) =>
    async (issuer, jwksUri) => {
      const app = createApp(issuer, jwksUri)
      app.set('env', 'test')
      const server = app.listen(0, '127.0.0.1')
      await once(server, 'listening')
      closing.push(() => server.close())
      return (authorization) => askServer(server, authorization)
    },
  'migrating-from-fastify-jwt':
    ({ createApp }) =>
    async (issuer, jwksUri) => {
      const app = createApp(issuer, jwksUri)
      await app.listen({ port: 0, host: '127.0.0.1' })
      closing.push(() => app.close())
      return (authorization) => askServer(app.server, authorization)
    },
}

for (const [page, toCreate] of Object.entries(CREATE)) {
  describe(`${page}.md`, async () => {
    const old = toCreate(await load(page, 'before.ts'))
    const current = toCreate(await load(page, 'after.ts'))

    for (const [name, oldStatus, status] of readRows(page)) {
      test(name, async () => {
        assert.deepEqual(
          [await observe(name, old), await observe(name, current)],
          [Number(oldStatus), Number(status)],
        )
      })
    }
    test('the table has rows', () => assert.ok(readRows(page).length > 5))
  })
}
