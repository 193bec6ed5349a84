/**
 * Configuration by variables is equivalent to configuration by code: the same tokens are accepted, and all others get the same
 * response.
 */
import { createVerifier } from 'jwt-gate'
import { type AuthorizerHandler, createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { answerSetUps, mintTokens, type SetUp, trustSetUps } from './set-ups.ts'
import { deploy, now } from './setup.ts'

const issuer = await createTestIssuer({ now, algorithms: ['ES256'] })
const tokens = await mintTokens(issuer)
const setUps = [...trustSetUps(issuer), ...answerSetUps(issuer)]

type Handler = AuthorizerHandler<'policy' | 'simple'>

function requestOf(env: SetUp['env'], token: string): object {
  const path = { path: '/orders/7', resource: '/orders/{id}' }
  return env['JWT_GATE_TOKEN'] ? { ...path, query: { token } } : { ...path, token }
}

async function ask(handler: Handler, event: unknown): Promise<unknown> {
  try {
    return await handler(event)
  } catch (error) {
    return { thrown: error, because: (error as Error).cause }
  }
}

/** The responses to every token, for an HTTP API and for a REST API. */
async function askAll(handler: Handler, { env }: SetUp): Promise<unknown[]> {
  const answers: unknown[] = []
  for (const token of Object.values(tokens)) {
    const request = requestOf(env, token)
    answers.push(await ask(handler, createAuthorizerEvent('http-2.0', request)))
    answers.push(await ask(handler, createAuthorizerEvent('rest-request', request)))
  }
  return answers
}

describe('configured by variables', () => {
  test.each(setUps)('$title: has the same responses as when configured by code', async (setUp) => {
    const { fetch } = issuer
    const verifier = createVerifier(setUp.trusted, { fetch, now })
    const byCode: Handler = createAuthorizer(verifier, setUp.options)
    const byVariables = deploy(setUp.env, issuer).handler

    const answers = await askAll(byVariables, setUp)

    expect(answers).toEqual(await askAll(byCode, setUp))
  })

  test.each(setUps)('$title: accepts $passes, and no others', async ({ env, passes }) => {
    const { handler } = deploy(env, issuer)

    const answers = await Promise.all(
      Object.entries(tokens).map(async ([name, token]) => {
        const event = createAuthorizerEvent('http-2.0', requestOf(env, token))
        return { name, answer: JSON.stringify(await ask(handler, event)) }
      }),
    )

    const allowed = answers.filter(({ answer }) => /"Allow"|"isAuthorized":true/.test(answer))
    expect(allowed.map(({ name }) => name).sort()).toEqual([...passes].sort())
  })
})

test('keys that are given are never fetched', async () => {
  const givenKeys = setUps.filter(({ env }) => env['JWT_GATE_JWKS'])
  const fetch: typeof globalThis.fetch = () => Promise.reject(new Error('asked'))

  for (const { env, passes } of givenKeys) {
    const { handler, initialize } = deploy(env, { fetch })
    await initialize()
    const token = tokens[passes[0] as keyof typeof tokens]
    const answer = await handler(createAuthorizerEvent('http-2.0', requestOf(env, token)))

    expect(JSON.stringify(answer)).toContain('"Allow"')
  }
})
