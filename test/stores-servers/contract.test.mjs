/**
 * What every store must do, on real servers and by real clients.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createRevocations } from '../../dist/stores/index.js'
import { createTestIssuer } from '../../dist/testing/index.js'
import { createVerifier } from '../../dist/verify/index.js'
import { SERVERS } from './support/servers.mjs'

const issuer = await createTestIssuer({ algorithms: ['ES256'] })
const iss = issuer.issuer
const now = Math.floor(Date.now() / 1_000)
const until = now + 3_600
const mint = (claims) => issuer.token({ iss, exp: until, iat: now, ...claims })

for (const { name, skip, start } of SERVERS) {
  describe(name, { skip }, () => {
    let server
    let count = 0
    before(async () => {
      server = await start()
    })
    after(() => server?.stop())
    /** A text that no other test uses. */
    const unique = (text) => `${text}-${name}-${count++}`

    /** A process: its own connection, list and verifier. */
    async function createProcess(options = {}) {
      const { revocations: store } = await server.connect()
      const events = []
      const onEvent = (event) => events.push(event)
      const revocations = createRevocations({ store, whenStale: 'refuse', onEvent, ...options })
      const verifier = createVerifier(
        { issuer: iss, audience: null, jwks: issuer.jwks },
        { revocations },
      )
      const judge = async (token) => {
        try {
          await verifier.verify(token)
          return 'accepted'
        } catch (error) {
          return error.code
        }
      }
      return { store, revocations, verifier, judge, events }
    }

    describe('replay', () => {
      test('an id passes once, by whichever connection', async () => {
        const [a, b] = [await server.connect(), await server.connect()]
        const [id, other] = [unique('id'), unique('id')]

        assert.equal(await a.replay.claim(id, 60), true)
        assert.equal(await b.replay.claim(id, 60), false)
        assert.equal(await b.replay.claim(other, 60), true)
        assert.equal(await a.replay.claim(id, 60), false)
      })

      test('of a hundred claims at the same moment, one succeeds', async () => {
        const stores = [await server.connect(), await server.connect()]
        const id = unique('id')

        const claims = Array.from({ length: 100 }, (_, at) => stores[at % 2].replay.claim(id, 60))
        const results = await Promise.all(claims)

        assert.equal(results.filter((one) => one === true).length, 1)
        assert.equal(results.filter((one) => one === false).length, 99)
      })

      for (const [id, seconds] of [
        ['', 60],
        [undefined, 60],
        ['x', 0],
        ['x', Number.NaN],
        ['x', '60'],
      ]) {
        test(`a claim of ${id} for ${seconds} seconds fails`, async () => {
          const { replay } = await server.connect()

          await assert.rejects(async () => replay.claim(id, seconds), TypeError)
        })
      }
    })

    describe('revocations', () => {
      test('what one process revokes, the others reject, and take back', async () => {
        const [a, b] = [
          await createProcess({ refreshMs: 1 }),
          await createProcess({ refreshMs: 1 }),
        ]
        const claims = {
          jti: unique('jti'),
          origin_jti: unique('origin'),
          sid: unique('sid'),
          sub: unique('sub'),
          client_id: unique('client'),
        }
        const token = await mint(claims)
        assert.equal(await b.judge(token), 'accepted')

        for (const [member, value] of Object.entries(claims)) {
          const entry = { issuer: iss, [member]: value, until }
          await a.revocations.revoke(entry)
          assert.equal(await a.judge(token), 'ERR_TOKEN_REVOKED')
          await readAgain(b)
          assert.equal(await b.judge(token), 'ERR_TOKEN_REVOKED', member)
          await b.revocations.restore(entry)
          assert.equal(await b.judge(token), 'accepted', member)
          await readAgain(a)
          assert.equal(await a.judge(token), 'accepted', member)
        }
      })

      test('any text survives the way through the store', async () => {
        const a = await createProcess()
        const texts = ['"', '\\', '\u0000', '\n', 'ü', '😀', '__proto__', ' ', "'; --", '\ud800']
        const subs = texts.map((text) => `${text}${unique('sub')}`)
        for (const sub of subs) await a.revocations.revoke({ issuer: iss, sub, until })

        const fresh = await createProcess()
        for (const sub of subs) {
          assert.equal(
            await fresh.judge(await mint({ sub })),
            'ERR_TOKEN_REVOKED',
            JSON.stringify(sub),
          )
        }
        assert.equal(await fresh.judge(await mint({ sub: unique('sub') })), 'accepted')
      })

      test('thousands that are revoked at the same moment by several processes all arrive', async () => {
        const follower = await createProcess({ refreshMs: 1 })
        await follower.verifier.hydrate()
        const writers = await Promise.all(Array.from({ length: 4 }, () => createProcess()))
        const jtis = Array.from({ length: 3_000 }, () => unique('jti'))

        const revoke = (jti, at) => writers[at % 4].revocations.revoke({ issuer: iss, jti, until })
        await Promise.all(jtis.map(revoke))
        await readAgain(follower)

        const fresh = await createProcess()
        await fresh.verifier.hydrate()
        for (const jti of jtis) {
          const claims = { jti, exp: until }
          for (const one of [follower, fresh]) {
            const check = () => one.revocations.assertNotRevoked(iss, claims, Date.now(), true)
            assert.throws(check, { code: 'ERR_TOKEN_REVOKED' })
          }
        }
      })

      test('a process reads on from where it was, and nothing twice', async () => {
        const { store } = await createProcess()
        const all = []
        const first = await store.read(undefined, (texts) => all.push(...texts))
        const news = []
        const second = await store.read(first.cursor, (texts) => news.push(...texts))
        await store.append([{ text: '["+","x","i","sub","s",1,null]', expiresAt: until }])
        await store.read(second.cursor, (texts) => news.push(...texts))

        assert.equal(first.isReset, false)
        assert.equal(second.isReset, false)
        assert.deepEqual(news, ['["+","x","i","sub","s",1,null]'])
      })

      test('a server that was emptied gets back what the processes know', async (context) => {
        if (!server.empty) return context.skip('the memory of a process is not emptied')
        const [a, b] = [
          await createProcess({ refreshMs: 1 }),
          await createProcess({ refreshMs: 1 }),
        ]
        const [one, two, three] = [unique('sub'), unique('sub'), unique('sub')]
        await a.revocations.revoke({ issuer: iss, sub: one, until })
        await b.revocations.revoke({ issuer: iss, sub: two, until })
        await readAgain(a)
        await readAgain(b)
        await server.empty()

        // one writes before anybody has noticed
        await a.revocations.revoke({ issuer: iss, sub: three, until })
        await readAgain(a)
        await readAgain(b)
        await readAgain(b)

        for (const process of [a, b, await createProcess()]) {
          for (const sub of [one, two, three]) {
            assert.equal(await process.judge(await mint({ sub })), 'ERR_TOKEN_REVOKED')
          }
        }
        assert.equal(
          a.events.concat(b.events).some(({ type }) => type === 'revocations.rewritten'),
          true,
        )
      })

      test('after a loss of the newest records, no number means another record than before', async (context) => {
        if (!server.loseNewest) return context.skip('only Redis assigns numbers')
        const [a, b] = [
          await createProcess({ refreshMs: 1 }),
          await createProcess({ refreshMs: 1 }),
        ]
        const [sub, lost, fresh] = [unique('sub'), unique('lost'), unique('fresh')]
        // a process writes back what is lost in the order of the members: the last of these two is the first then
        await a.revocations.revoke({ issuer: iss, sub, until })
        await a.revocations.revoke({ issuer: iss, jti: lost, until })
        await readAgain(a)
        await readAgain(b)
        await server.loseNewest(2)

        await (await createProcess()).revocations.revoke({ issuer: iss, sub: fresh, until })
        await readAgain(b)
        await readAgain(b)
        await readAgain(a)
        await readAgain(a)

        for (const process of [a, b]) {
          for (const claims of [{ sub }, { jti: lost }, { sub: fresh }]) {
            assert.equal(await process.judge(await mint(claims)), 'ERR_TOKEN_REVOKED')
          }
        }
      })
    })

    /** Lets a process notice what is new. */
    async function readAgain({ verifier }) {
      await verifier.settled()
      await new Promise((resolve) => setTimeout(resolve, 5))
      await verifier.hydrate()
    }
  })
}
