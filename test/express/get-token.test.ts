/**
 * A `getToken` of the user's that does what it should not: nobody gets in by that.
 */
import { cognito, createVerifier } from 'jwt-gate'
import { authErrorHandler, requireJwt } from 'jwt-gate/express'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { serve } from '../support/http.ts'

const issuer = await createTestIssuer()
const { userPoolId, clientId, jwks } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access', jwks }))

describe.each(EXPRESS_VERSIONS)('on %s', (_, express) => {
  function start(getToken: () => unknown) {
    const app = express().set('env', 'test')
    const guarded = express.Router()
    guarded.use(requireJwt(verifier, { getToken: getToken as () => string }))
    guarded.get('/', (_req, res) => {
      res.sendStatus(200)
    })
    app.use(guarded)
    app.use((_req, res) => {
      res.sendStatus(200)
    })
    app.use(authErrorHandler())
    return serve(app)
  }

  test.each([[undefined], [null], [false], [0], [''], ['route'], ['router']])(
    'nothing that it throws lets a request pass: %j',
    async (thrown) => {
      const ask = await start(() => {
        throw thrown
      })

      const answer = await ask('/')

      expect(answer.status).toBe(500)
    },
  )

  test('an error that it throws is answered with 500', async () => {
    const ask = await start(() => {
      throw new Error('x')
    })

    const answer = await ask('/')

    expect(answer.status).toBe(500)
  })

  test.each([[null], [7], [{}], [['a.b.c']], [true], [Symbol('x')]])(
    'nothing that it returns lets a request pass: %s',
    async (token) => {
      const ask = await start(() => token)

      const answer = await ask('/')

      expect(answer.status).toBe(401)
    },
  )

  test('one that is asynchronous is waited for', async () => {
    const ask = await start(() => issuer.accessToken())

    const answer = await ask('/')

    expect(answer.status).toBe(200)
  })

  test('one that is asynchronous, and fails, ends no process', async () => {
    const accidents: unknown[] = []
    const record = (error: unknown) => accidents.push(error)
    process.on('unhandledRejection', record)
    onTestFinished(() => void process.off('unhandledRejection', record))
    const ask = await start(() => Promise.reject(new Error('the session store is down')))

    const answer = await ask('/')

    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(accidents).toEqual([])
  })
})
