/**
 * Tenants that are stored in a database, with one Express app: each has its own keys, even with equal key ids.
 */
import { createVerifier, type TrustedIssuer } from 'jwt-gate'
import { authErrorHandler, getAuth, requireJwt } from 'jwt-gate/express'
import { createTestIssuer, type TestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { EXPRESS_VERSIONS, type Express } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'

const KID = 'key-1'
const [acme, globex] = await Promise.all([createTestIssuer(), createTestIssuer()])
const ACME = 'https://acme.example.com'
const GLOBEX = 'https://globex.example.com'

/** The tenants in the database, and the lookups. */
function createDatabase() {
  const asked: string[] = []
  const tenants = new Map([
    [ACME, acme],
    [GLOBEX, globex],
  ])
  const find = async (issuer: string): Promise<TrustedIssuer | undefined> => {
    asked.push(issuer)
    if (issuer === 'https://broken.example.com') throw new Error('the database is down')
    return tenants.has(issuer) ? { issuer, audience: 'api', jwksUri: `${issuer}/jwks` } : undefined
  }
  return { asked, find }
}

/** The key endpoints of both tenants, and the requests to them. */
function createNetwork() {
  const fetched: string[] = []
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const url = String(input)
    fetched.push(url)
    const keys = (url.startsWith(ACME) ? acme : globex).jwks.keys.slice(0, 1)
    return Response.json({ keys: keys.map((key) => ({ ...key, kid: KID })) })
  }
  return { fetched, fetch: fetch as typeof globalThis.fetch }
}

async function start(express: Express) {
  const { asked, find } = createDatabase()
  const { fetched, fetch } = createNetwork()
  const app = express()
  app.use(requireJwt(createVerifier(find, { fetch })), (req, res) => {
    res.json({ issuer: getAuth(req).issuer })
  })
  app.use(authErrorHandler({ onError: null }))
  return { ask: await serve(app), asked, fetched }
}

/** A token that names a tenant, signed with a key that may be another tenant's. */
function mint(iss: string, signer: TestIssuer): Promise<string> {
  const exp = Math.floor(Date.now() / 1_000) + 600
  return signer.token({ iss, aud: 'api', exp }, { header: { kid: KID } })
}

describe.each(EXPRESS_VERSIONS)('tenants on %s', (_, express) => {
  test('each is verified with its own keys, whatever their key ids', async () => {
    const { ask, fetched } = await start(express)

    const answers = [
      await ask('/', bearer(await mint(ACME, acme))),
      await ask('/', bearer(await mint(GLOBEX, globex))),
    ]

    expect(answers.map((one) => JSON.parse(one.body))).toEqual([
      { issuer: ACME },
      { issuer: GLOBEX },
    ])
    expect(fetched).toEqual([`${ACME}/jwks`, `${GLOBEX}/jwks`])
  })

  test('no tenant can sign for another with a key of the same id', async () => {
    const { ask } = await start(express)
    await ask('/', bearer(await mint(ACME, acme)))
    await ask('/', bearer(await mint(GLOBEX, globex)))

    const answers = await Promise.all([
      ask('/', bearer(await mint(GLOBEX, acme))),
      ask('/', bearer(await mint(ACME, globex))),
    ])

    expect(answers.map((one) => one.status)).toEqual([401, 401])
    expect(answers[0].headers['www-authenticate']).toContain('The signature of the token is wrong')
  })

  test('an unknown tenant is rejected, and nothing is fetched for it', async () => {
    const { ask, asked, fetched } = await start(express)

    const answer = await ask('/', bearer(await mint('https://evil.example.com', acme)))

    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toContain('not trusted here')
    expect(asked).toEqual(['https://evil.example.com'])
    expect(fetched).toEqual([])
  })

  test('a database that fails is an outage, never a bad token', async () => {
    const { ask, fetched } = await start(express)

    const answer = await ask('/', bearer(await mint('https://broken.example.com', acme)))

    expect(answer.status).toBe(503)
    expect(answer.body).not.toContain('database')
    expect(fetched).toEqual([])
  })
})
