/**
 * What protects the demo of `npm start` from the web sites that its user visits meanwhile. Each attack has a control that passes.
 */
import { type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { useDemo } from './start-demo.ts'

const getDemo = useDemo()

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Unlike `fetch`, it lets a test choose `Host`, `Origin` and `Sec-Fetch-*`, as a browser would. */
function send(url: string, method: string, headers = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, async (res) => {
      resolve({ status: res.statusCode, headers: res.headers, body: await text(res) })
    })
    sent.once('error', reject).end(body)
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }
const OUTAGE = '{"do":"outage"}'
const EVIL = 'https://evil.example'

test('takes actions from its own page and from curl', async () => {
  const demo = getDemo()
  const { page } = demo.origins
  const own = { ...JSON_TYPE, origin: page, 'sec-fetch-site': 'same-origin' }

  expect((await send(`${page}/demo`, 'POST', own, OUTAGE)).status).toBe(200)
  expect(demo.isIssuerDown()).toBe(true)
  expect((await send(`${page}/demo`, 'POST', JSON_TYPE, '{"do":"recover"}')).status).toBe(200)
  expect(demo.isIssuerDown()).toBe(false)
})

test.each([
  ['another origin', { ...JSON_TYPE, origin: EVIL }, 403],
  ['another port of this machine', { ...JSON_TYPE, origin: 'http://127.0.0.1:1' }, 403],
  ['a sandboxed frame', { ...JSON_TYPE, origin: 'null' }, 403],
  ['another site, without an origin', { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, 403],
  ['another name for this address (DNS rebinding)', { ...JSON_TYPE, host: 'evil.example' }, 403],
  ['localhost', { ...JSON_TYPE, host: 'localhost' }, 403],
  ['a form', { 'content-type': 'text/plain' }, 415],
  ['a form that navigates', { 'content-type': 'text/plain', 'sec-fetch-mode': 'navigate' }, 415],
  ['no content type', {}, 415],
])('takes no action from %s', async (_, headers, status) => {
  const demo = getDemo()

  expect((await send(`${demo.origins.page}/demo`, 'POST', headers, OUTAGE)).status).toBe(status)
  expect(demo.isIssuerDown()).toBe(false)
})

test.each(['/demo', '/demo/events', '/token', '/'])(
  'shows %s to no script of another site, and under no other name',
  async (path) => {
    const { page } = getDemo().origins
    const crossSite = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }

    expect((await send(page + path, 'GET', crossSite)).status).toBe(403)
    expect((await send(page + path, 'GET', { origin: EVIL })).status).toBe(403)
    expect((await send(page + path, 'GET', { host: 'evil.example' })).status).toBe(403)
  },
)

test('answers no preflight request for the actions', async () => {
  const { page } = getDemo().origins
  const headers = { origin: EVIL, 'access-control-request-method': 'POST' }
  const { status, headers: answered } = await send(`${page}/demo`, 'OPTIONS', headers)

  expect(status).toBe(403)
  expect(Object.keys(answered).filter((name) => name.startsWith('access-control-'))).toEqual([])
})

test.each([
  ['a number', '1'],
  ['null', 'null'],
  ['broken JSON', '{'],
  ['an unknown action', '{"do":"constructor"}'],
  ['an action that is inherited', '{"do":"__proto__"}'],
  ['a clock without a number', '{"do":"clock","seconds":"60"}'],
  ['an endless clock', '{"do":"clock","seconds":1e999}'],
  ['an unknown user', '{"do":"drop-group","user":"eve"}'],
  ['a body that is too large', JSON.stringify({ do: 'outage', filler: 'x'.repeat(70_000) })],
])('refuses %s', async (_, body) => {
  const demo = getDemo()

  expect((await send(`${demo.origins.page}/demo`, 'POST', JSON_TYPE, body)).status).toBe(400)
  expect(demo.isIssuerDown()).toBe(false)
})

test('allows no inline script or style, no other source, and no frame', async () => {
  const { page, express, gateway, signIn } = getDemo().origins
  const { headers, body } = await send(page, 'GET')
  const policy = String(headers['content-security-policy']).split('; ')

  expect(policy).toEqual([
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${express} ${gateway} ${signIn}`,
  ])
  expect(headers['set-cookie']).toBeUndefined()
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(body).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=|https?:/)
})

test('serves the files of the page alone', async () => {
  const { page } = getDemo().origins

  expect((await send(`${page}/app.js`, 'GET')).headers['content-type']).toContain('javascript')
  for (const path of ['/demo.ts', '/../demo.ts', '/%2e%2e/demo.ts', '/page/app.js', '//app.js']) {
    expect((await send(page + path, 'GET')).status).toBe(404)
  }
})

test('listens on loopback alone', () => {
  const { origins } = getDemo()

  expect(Object.values(origins).every((one) => one.startsWith('http://127.0.0.1:'))).toBe(true)
})
