/**
 * The development option `explain` of `createAppSyncAuthorizer`.
 */
import { cognito, createVerifier } from 'jwt-gate'
import { type ExplainerOptions, explainer } from 'jwt-gate/explain'
import { type AppSyncAuthorizerOptions, createAppSyncAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { expect, test } from 'vitest'

const issuer = await createTestIssuer()
const { userPoolId, clientId, fetch } = issuer
const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }), { fetch })
const good = await issuer.accessToken()
const id = await issuer.idToken()
const toEvent = (token: string | undefined) => createAuthorizerEvent('appsync-graphql', { token })

/** What an authorizer returns or throws, and what it has printed by then. */
async function answer(event: object, options: AppSyncAuthorizerOptions<never> = {}) {
  const printed: string[] = []
  const stream = { write: (text: string) => void printed.push(text) }
  const own: ExplainerOptions = { env: {}, color: false, stream }
  const explain = explainer(verifier, own)
  const handler = createAppSyncAuthorizer(verifier, { ...options, explain } as object)
  const outcome = await handler(event).catch(String)
  return { outcome, printed }
}

const groups = { access: { groups: ['admin'] } }
const failing = {
  context: () => {
    throw new Error('the profile is not there')
  },
}

test.each<[string, string | undefined, AppSyncAuthorizerOptions<never>, string]>([
  ['an ID token', id, {}, 'An ID token was sent where an access token is wanted'],
  ['no token', undefined, {}, 'No token was sent'],
  ['a token that is none', '{"a":1}', {}, 'JSON was sent instead of a token'],
  ['a missing group', good, groups, 'The user is in no group'],
  ['a context that fails', good, failing, 'Your function "context" has failed'],
])('%s is explained before the answer, which stays the same', async (_, token, options, title) => {
  const { outcome, printed } = await answer(toEvent(token), options)

  expect(printed).toHaveLength(1)
  expect(printed[0]).toContain(`1. ${title}\n`)
  const plain = createAppSyncAuthorizer(verifier, options as object)
  expect(outcome).toEqual(await plain(toEvent(token)).catch(String))
  expect(printed[0]).not.toContain(good.split('.')[2]?.slice(0, 12))
})

test('an event of another service is explained, too', async () => {
  const { printed } = await answer(createAuthorizerEvent('http-2.0', { token: good }))

  expect(printed).toHaveLength(1)
  expect(printed[0]).toContain('The event is not one that AppSync sends to a Lambda authorizer')
})

test('a good token prints nothing', async () => {
  expect(await answer(toEvent(good))).toMatchObject({
    outcome: { isAuthorized: true },
    printed: [],
  })
})

test.each([
  [
    'throws',
    () => {
      throw new Error('x')
    },
  ],
  ['rejects', () => Promise.reject(new Error('x'))],
])('an explainer that %s changes no answer', async (_, explain) => {
  const handler = createAppSyncAuthorizer(verifier, { explain: explain as never })

  expect(await handler(toEvent(id))).toEqual({ isAuthorized: false, ttlOverride: 0 })
})

test('an explainer that never ends does not hold the answer beyond the time limit', async () => {
  const explain = () => new Promise<void>(() => undefined)
  const handler = createAppSyncAuthorizer(verifier, { explain })
  const context = { getRemainingTimeInMillis: () => 600 }

  expect(await handler(toEvent(id), context)).toEqual({ isAuthorized: false, ttlOverride: 0 })
})
