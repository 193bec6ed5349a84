/**
 * Tokens for MCP servers, behind the SDK's own `requireBearerAuth`, over real HTTP.
 */
import { createRequire } from 'node:module'
import { AccessError, ConfigError, createVerifier, type VerifierOptions } from 'jwt-gate'
import { type McpErrorsV2, type McpTokenVerifierOptions, mcpTokenVerifier } from 'jwt-gate/express'
import { createTestIssuer, type TestClaims } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { EXPRESS_VERSIONS } from '../support/express-versions.ts'
import { bearer, serve } from '../support/http.ts'
import { errors, requireBearerAuth } from '../support/mcp-sdk.ts'

const keys = await createTestIssuer()
const issuer = 'https://idp.example.com'
const resource = 'https://mcp.example.com/mcp'
const now = Math.floor(Date.now() / 1_000)

function mint(claims: TestClaims = {}): Promise<string> {
  return keys.token({ iss: issuer, aud: resource, exp: now + 600, scope: 'tools', ...claims })
}

function createMcpVerifier(options?: VerifierOptions, wanted = resource) {
  const verifier = createVerifier({ issuer, audience: null, jwks: keys.jwks }, options)
  return mcpTokenVerifier(verifier, { resource: wanted, errors })
}

test('returns to the SDK whose token it is, what it allows, and how long it is valid', async () => {
  const token = await mint({ client_id: 'agent', scope: 'tools files', sub: 'alice' })

  const info = await createMcpVerifier().verifyAccessToken(token)

  expect(info).toEqual({
    token,
    clientId: 'agent',
    scopes: ['tools', 'files'],
    expiresAt: now + 600,
    resource: new URL(resource),
    extra: { issuer, claims: expect.objectContaining({ sub: 'alice', aud: resource }) },
  })
})

test.each<[string, TestClaims, object]>([
  ['azp if there is no client_id', { azp: 'agent' }, { clientId: 'agent' }],
  ['no client if the token has none', {}, { clientId: '' }],
  ['no client that is not a string', { azp: 7 }, { clientId: '' }],
  ['the scopes of a list', { scope: undefined, scp: ['a', 'b'] }, { scopes: ['a', 'b'] }],
  ['no scopes if the token has none', { scope: undefined }, { scopes: [] }],
  ['no empty scope', { scope: '' }, { scopes: [] }],
  ['no scope that is not a string', { scope: undefined, scp: ['a', 5] }, { scopes: ['a'] }],
  ['a resource among several audiences', { aud: ['x', resource] }, { resource: new URL(resource) }],
])('returns %s', async (_title, claims, wanted) => {
  const info = await createMcpVerifier().verifyAccessToken(await mint(claims))

  expect(info).toMatchObject(wanted)
})

test('returns the claims that a schema returned, and checks the audience of the signed claims', async () => {
  const schema = z.object({ sub: z.string().transform((sub) => sub.toUpperCase()) })
  const verifier = createVerifier({ issuer, audience: null, jwks: keys.jwks, claims: schema })
  const forMcp = mcpTokenVerifier(verifier, { resource, errors })

  const info = await forMcp.verifyAccessToken(await mint({ sub: 'alice' }))

  expect(info.extra.claims).toEqual({ sub: 'ALICE' })
})

describe.each(EXPRESS_VERSIONS)('behind requireBearerAuth on %s', (_, express) => {
  function start(options?: VerifierOptions, wanted = resource) {
    const app = express()
    const verifier = createMcpVerifier(options, wanted)
    app.use(requireBearerAuth({ verifier, requiredScopes: ['tools'] }), (_req, res) => {
      res.sendStatus(200)
    })
    return serve(app)
  }

  test('a good token is accepted', async () => {
    const ask = await start()

    const answer = await ask('/', bearer(await mint()))

    expect(answer.status).toBe(200)
  })

  test.each<[string, TestClaims, number, string, string]>([
    ['for no resource', { aud: undefined }, 401, 'invalid_token', 'for another audience'],
    ['for another resource', { aud: 'https://x.example' }, 401, 'invalid_token', 'audience'],
    ['for a prefix of it', { aud: 'https://mcp.example.com' }, 401, 'invalid_token', 'audience'],
    ['for it with a trailing slash', { aud: `${resource}/` }, 401, 'invalid_token', 'audience'],
    ['for it, in a nested list', { aud: [[resource]] }, 401, 'invalid_token', 'audience'],
    ['that has expired', { exp: now - 60 }, 401, 'invalid_token', 'has expired'],
    ['of another issuer', { iss: 'https://x.example' }, 401, 'invalid_token', 'not trusted'],
    ['with too few scopes', { scope: 'tool' }, 403, 'insufficient_scope', 'scope'],
  ])('a token %s is rejected', async (_title, claims, status, error, description) => {
    const ask = await start()

    const answer = await ask('/', bearer(await mint(claims)))

    expect(answer.status).toBe(status)
    expect(answer.headers['www-authenticate']).toContain(`error="${error}"`)
    expect(JSON.parse(answer.body)).toMatchObject({ error })
    expect(JSON.parse(answer.body).error_description).toContain(description)
  })

  test('a resource without a path is accepted with and without the slash at its end', async () => {
    const ask = await start({}, 'https://mcp.example.com')

    const answers = await Promise.all([
      ask('/', bearer(await mint({ aud: 'https://mcp.example.com' }))),
      ask('/', bearer(await mint({ aud: 'https://mcp.example.com/' }))),
    ])

    expect(answers.map((one) => one.status)).toEqual([200, 200])
  })

  test("an access error of the user's check is a 403, and cannot break the header", async () => {
    const rude = Object.assign(new AccessError('ERR_ACCESS_DENIED'), { message: 'x"\r\nA: b' })
    const check = () => {
      throw rude
    }
    const ask = await start({ check })

    const answer = await ask('/', bearer(await mint()))

    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.body)).toEqual({
      error: 'insufficient_scope',
      error_description: 'The token was rejected',
    })
  })

  test('a mistake of the developer is a 500, never a bad token', async () => {
    const check = () => {
      throw new ConfigError('"tenants" must be an object')
    }
    const ask = await start({ check })

    const answer = await ask('/', bearer(await mint()))

    expect(answer.status).toBe(500)
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'server_error' })
    expect(answer.body).not.toContain('tenants')
  })

  test('an outage of the issuer is a 500, never a bad token', async () => {
    const down = await createTestIssuer()
    down.fail('down')
    const verifier = createVerifier({ issuer: down.issuer, audience: null }, { fetch: down.fetch })
    const app = express()
    app.use(requireBearerAuth({ verifier: mcpTokenVerifier(verifier, { resource, errors }) }))
    const ask = await serve(app)

    const answer = await ask('/', bearer(await down.accessToken()))

    expect(answer.status).toBe(500)
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'server_error' })
    expect(answer.headers['www-authenticate']).toBeUndefined()
  })
})

test.each<[unknown, string]>([
  [undefined, '"options"'],
  [{ errors }, '"resource"'],
  [{ errors, resource: 'http://mcp.example.com' }, '"resource"'],
  [{ errors, resource: 'https://mcp.example.com/#x' }, '"resource"'],
  [{ errors, resource: new URL(resource) }, '"resource"'],
  [{ resource }, '"errors"'],
  [{ resource, errors: {} }, '"errors"'],
  [{ resource, errors: { InvalidTokenError: errors.InvalidTokenError } }, '"errors"'],
  [{ resource, errors: { InsufficientScopeError: errors.InsufficientScopeError } }, '"errors"'],
  [{ resource, errors: { ...errors, InvalidTokenError: 'x' } }, '"errors.InvalidTokenError"'],
  [
    { resource, errors: { ...errors, InsufficientScopeError: 1 } },
    '"errors.InsufficientScopeError"',
  ],
  [{ resource, errors, audience: [] }, '"audience"'],
  [{ resource, errors, audience: 7 }, '"audience"'],
  [{ resource, errors, audiences: 'x' }, '"audiences"'],
  [{ resource, errors: { OAuthError: 'no class' } }, '"errors.OAuthError"'],
  [
    { resource, errors: { OAuthError: Error, InvalidTokenError: Error } },
    '"InsufficientScopeError"',
  ],
])('the options %j are rejected at start-up, and the error names the option', (options, name) => {
  const verifier = createVerifier({ issuer, audience: null, jwks: keys.jwks })
  const make = () => mcpTokenVerifier(verifier, options as McpTokenVerifierOptions)

  expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }))
  expect(make).toThrow(name)
})

test('the result of cognito() is not accepted as a verifier', () => {
  const make = () => mcpTokenVerifier({} as never, { resource, errors })

  expect(make).toThrow('"verifier"')
})

describe('with the error class of version 2 of the SDK', () => {
  const load = createRequire(import.meta.url)
  const sdk = load('@modelcontextprotocol/server') as {
    readonly OAuthError: McpErrorsV2['OAuthError']
    readonly requireBearerAuth: (options: object) => (request: Request) => Promise<unknown>
  }
  const { OAuthError } = sdk

  async function ask(
    claims: TestClaims,
    options: VerifierOptions = {},
    trusted = {},
  ): Promise<Response> {
    const verifier = createVerifier(
      { issuer, audience: null, jwks: keys.jwks, ...trusted },
      options,
    )
    const guard = sdk.requireBearerAuth({
      verifier: mcpTokenVerifier(verifier, { resource, errors: { OAuthError } }),
      requiredScopes: ['tools', 'files'],
    })
    const headers = { authorization: `Bearer ${await mint(claims)}` }
    const outcome = await guard(new Request(resource, { method: 'POST', headers }))
    return outcome instanceof Response ? outcome : Response.json(outcome)
  }

  test('a good token is accepted', async () => {
    const response = await ask({ scope: 'tools files', sub: 'alice' })

    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ extra: { claims: { sub: 'alice' } } })
  })

  test.each<[string, TestClaims, VerifierOptions, number, string]>([
    ['a token for another resource', { aud: 'x' }, {}, 401, 'error="invalid_token"'],
    ['too few scopes', { scope: 'tools' }, {}, 403, 'error="insufficient_scope"'],
    [
      'a token that check denies',
      { scope: 'tools files' },
      {
        check: () => {
          throw new AccessError('ERR_ACCESS_GROUP')
        },
      },
      403,
      'error="insufficient_scope"',
    ],
  ])('%s gets a challenge with all scopes', async (_title, claims, options, status, error) => {
    const response = await ask(claims, options)

    expect(response.status).toBe(status)
    expect(response.headers.get('www-authenticate')).toContain(error)
    expect(response.headers.get('www-authenticate')).toContain('scope="tools files"')
  })

  test('an outage of the issuer is a 500', async () => {
    const down = await createTestIssuer()
    down.fail('down')

    const response = await ask(
      {},
      { fetch: down.fetch },
      { jwks: undefined, jwksUri: down.jwksUri },
    )

    expect(response.status).toBe(500)
    expect(response.headers.get('www-authenticate')).toBeNull()
  })
})

describe('an audience beside the resource', () => {
  const create = (audience: string | string[]) =>
    mcpTokenVerifier(createVerifier({ issuer, audience: null, jwks: keys.jwks }), {
      resource,
      audience,
      errors,
    })

  test.each<[string | string[], unknown]>([
    ['api://mcp', 'api://mcp'],
    ['api://mcp', ['x', 'api://mcp']],
    [['api://mcp', resource], resource],
  ])('%j accepts %j', async (audience, aud) => {
    const info = await create(audience).verifyAccessToken(await mint({ aud }))

    expect(info.resource).toEqual(new URL(resource))
  })

  test.each<[string | string[], unknown]>([
    ['api://mcp', resource],
    ['api://mcp', 'api://mcp/'],
    ['api://mcp', undefined],
    ['api://mcp', [['api://mcp']]],
  ])('%j rejects %j', async (audience, aud) => {
    const outcome = create(audience).verifyAccessToken(await mint({ aud }))

    await expect(outcome).rejects.toBeInstanceOf(errors.InvalidTokenError)
  })
})
