/**
 * The sign-in of the demo of `npm start`: the authorization code grant with PKCE, and what must not be possible in it.
 */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Demo } from '../../examples/start/demo.ts'
import { useDemo } from './start-demo.ts'

const VERIFIER = 'a-code-verifier-of-at-least-forty-three-characters'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

const getDemo = useDemo()

type Fields = Readonly<Record<string, string>>

function toRequest({ origins, pool }: Demo, changes: Fields = {}): URLSearchParams {
  return new URLSearchParams({
    response_type: 'code',
    client_id: pool.clientId,
    redirect_uri: `${origins.page}/callback`,
    state: 'the-state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  })
}

/** Chooses a user on the sign-in page. Returns where the browser is sent. */
async function signIn(demo: Demo, username: string, changes: Fields = {}): Promise<URL> {
  const body = toRequest(demo, changes)
  body.set('username', username)
  const url = `${demo.origins.signIn}/login`
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  return new URL(response.headers.get('location') ?? 'none:')
}

async function exchange(demo: Demo, fields: Fields): Promise<Record<string, string>> {
  const { origins, pool } = demo
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: pool.clientId,
    redirect_uri: `${origins.page}/callback`,
    code_verifier: VERIFIER,
    ...fields,
  })
  const response = await fetch(`${origins.signIn}/oauth2/token`, { method: 'POST', body })
  return (await response.json()) as Record<string, string>
}

const codeOf = async (demo: Demo) => (await signIn(demo, 'ada')).searchParams.get('code') ?? ''

test('exchanges a code for tokens that the verifier accepts', async () => {
  const demo = getDemo()
  const location = await signIn(demo, 'ada')
  const { searchParams } = location
  const tokens = await exchange(demo, { code: searchParams.get('code') ?? '' })
  const { claims } = await demo.verifier.verify(tokens['access_token'] ?? '')

  expect(location.href.startsWith(`${demo.origins.page}/callback?`)).toBe(true)
  expect(searchParams.get('state')).toBe('the-state')
  expect(searchParams.get('iss')).toBe(demo.embedded?.issuer.issuer)
  expect(claims).toMatchObject({ username: 'ada', 'cognito:groups': ['admin'] })
  await expect(demo.verifier.verify(tokens['id_token'] ?? '')).rejects.toThrow()
})

test('shows the sign-in page for a good request, and escapes what it repeats', async () => {
  const demo = getDemo()
  const page = await fetch(`${demo.origins.signIn}/oauth2/authorize?${toRequest(demo)}`)

  expect(page.status).toBe(200)
  expect(await page.text()).toContain('value="ada"')
})

test.each([
  ['client_id', 'another'],
  ['redirect_uri', 'https://evil.example/callback'],
  ['response_type', 'token'],
  ['code_challenge_method', 'plain'],
  ['code_challenge', 'short'],
  ['state', '"><script>'],
])('refuses a request whose %s is wrong, without a redirect', async (name, value) => {
  const demo = getDemo()
  const request = toRequest(demo, { [name]: value })
  const page = await fetch(`${demo.origins.signIn}/oauth2/authorize?${request}`)
  const html = await page.text()

  expect(page.status).toBe(400)
  expect(html).toContain(name)
  expect(html).not.toContain('<script')
  expect((await signIn(demo, 'ada', { [name]: value })).protocol).toBe('none:')
})

test('refuses a user that it does not know', async () => {
  expect((await signIn(getDemo(), 'eve')).protocol).toBe('none:')
})

test('takes a code once', async () => {
  const demo = getDemo()
  const code = await codeOf(demo)

  expect(await exchange(demo, { code })).toHaveProperty('access_token')
  expect(await exchange(demo, { code })).toEqual({ error: 'invalid_grant' })
})

test.each([
  ['code_verifier', 'another-verifier-of-at-least-forty-three-characters', 'invalid_grant'],
  ['code_verifier', '', 'invalid_grant'],
  ['redirect_uri', 'https://evil.example/callback', 'invalid_grant'],
  ['client_id', 'another', 'invalid_client'],
  ['grant_type', 'password', 'unsupported_grant_type'],
  ['code', 'made-up', 'invalid_grant'],
])('gives no tokens if %s is "%s"', async (name, value, error) => {
  const demo = getDemo()

  expect(await exchange(demo, { code: await codeOf(demo), [name]: value })).toEqual({ error })
})

test('takes a refresh token once, and gives groups as they are now', async () => {
  const demo = getDemo()
  const first = await exchange(demo, { code: await codeOf(demo) })
  const refresh = { grant_type: 'refresh_token', refresh_token: first['refresh_token'] ?? '' }
  demo.embedded?.authorization.dropGroups('ada')
  const second = await exchange(demo, refresh)
  const { claims } = await demo.verifier.verify(second['access_token'] ?? '')

  expect(claims).not.toHaveProperty('cognito:groups')
  expect(await exchange(demo, refresh)).toEqual({ error: 'invalid_grant' })
})

test('binds an access token to the key whose thumbprint is sent, and no token to anything else', async () => {
  const demo = getDemo()
  const ask = async (thumbprint: string) => {
    const { refresh_token = '' } = await exchange(demo, { code: await codeOf(demo) })
    return exchange(demo, { grant_type: 'refresh_token', refresh_token, dpop_jkt: thumbprint })
  }
  const thumbprint = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'

  const bound = await ask(thumbprint)

  const [, payload = ''] = bound['access_token']?.split('.') ?? []
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  expect(claims.cnf).toEqual({ jkt: thumbprint })
  await expect(demo.verifier.verify(bound['access_token'] ?? '')).rejects.toMatchObject({
    code: 'ERR_PROOF_MISSING',
  })
  for (const wrong of ['', 'short', `${thumbprint}A`]) {
    expect(await ask(wrong)).toEqual({ error: 'invalid_request' })
  }
})

test('is read by the page alone', async () => {
  const { origins } = getDemo()
  const answer = await fetch(`${origins.signIn}/oauth2/token`, { method: 'POST', body: 'x=1' })

  expect(answer.headers.get('access-control-allow-origin')).toBe(origins.page)
})

test('refuses a sign-in that another site sends', async () => {
  const demo = getDemo()
  const body = toRequest(demo)
  body.set('username', 'ada')
  const headers = { origin: 'https://evil.example' }
  const url = `${demo.origins.signIn}/login`
  const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual' })

  expect(response.status).toBe(403)
})
