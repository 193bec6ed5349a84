/**
 * `jwt-gate check`: over real HTTP, with the verifier's own client.
 */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runCli } from './run-cli.ts'

async function startIssuer() {
  const issuer = await createTestIssuer()
  await issuer.listen()
  onTestFinished(() => issuer.close())
  return issuer
}

async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function lines(text: string): string[] {
  return text.trimEnd().split('\n')
}

test('a live issuer: one line for each step, and the exit code 0', async () => {
  const { issuer, close } = await startIssuer()

  const ran = await runCli(['check', '--issuer', issuer, '--no-audience'])
  await close()

  expect(lines(ran.stderr)).toEqual([
    `✓ GET ${issuer}/.well-known/openid-configuration: 200`,
    `✓ GET ${issuer}/.well-known/jwks.json: 200`,
    `✓ keys of ${issuer}: 2 usable, kept for 10 minutes`,
    expect.stringMatching(/^✓ clock: /),
  ])
  expect(ran).toMatchObject({ exit: 0, stdout: 'alive: tokens can be verified\n' })
})

test('--quiet prints the result only', async () => {
  const { issuer } = await startIssuer()

  expect(await runCli(['check', '--issuer', issuer, '--no-audience', '--quiet'])).toEqual({
    exit: 0,
    stdout: 'alive: tokens can be verified\n',
    stderr: '',
  })
})

test('as JSON', async () => {
  const { issuer } = await startIssuer()

  const { stdout } = await runCli(['check', '--issuer', issuer, '--no-audience', '--json'])

  expect(JSON.parse(stdout)).toEqual({
    alive: true,
    issuers: [
      {
        ...{ type: 'jwks.fetched', issuer, keys: 2, unusable: 0, unusableKeys: [] },
        ...{ lifetimeMs: 600_000, durationMs: expect.any(Number) },
      },
    ],
    requests: ['openid-configuration', 'jwks.json'].map((name) => ({
      url: `${issuer}/.well-known/${name}`,
      status: 200,
      clockAheadSeconds: expect.any(Number),
    })),
    clockAheadSeconds: expect.any(Number),
  })
})

describe('a set-up that is not alive', () => {
  test.each([
    { fails: 'garbage', code: 'ERR_JWKS_INVALID', says: 'the answer is not JSON', exit: 1 },
    { fails: 'down', code: 'ERR_JWKS_UNAVAILABLE', says: 'ECONNRESET', exit: 2 },
  ] as const)('$fails: exit code $exit', async ({ fails, code, says, exit }) => {
    const issuer = await startIssuer()
    issuer.fail(fails)
    const argv = ['check', '--issuer', issuer.issuer, '--no-audience']

    const text = await runCli(argv)
    const json = await runCli([...argv, '--json'])

    expect(text.stdout).toContain(`not alive: ${code}`)
    expect(text.stderr).toContain(says)
    expect(JSON.parse(json.stdout)).toMatchObject({ alive: false, error: { code } })
    expect([text.exit, json.exit]).toEqual([exit, exit])
  })

  test('nothing listens there', async () => {
    // a port that was just released could be that of the next server of another process
    const argv = ['check', '--issuer', 'http://127.0.0.1:1', '--no-audience']

    const { exit, stderr } = await runCli(argv)

    expect(stderr).toContain('nothing listens at this address (ECONNREFUSED)')
    expect(exit).toBe(2)
  })

  test('no answer in time', async () => {
    const issuer = await startIssuer()
    issuer.fail('slow')

    const { exit, stderr } = await runCli([
      'check',
      '--issuer',
      issuer.issuer,
      '--no-audience',
      '--timeout-ms',
      '50',
    ])

    expect(stderr).toContain('no answer in time')
    expect(exit).toBe(2)
  })

  test('the slash at the end of the issuer', async () => {
    const { issuer } = await startIssuer()

    const { exit, stderr } = await runCli(['check', '--issuer', `${issuer}/`, '--no-audience'])

    expect(stderr).toContain(
      'the metadata names another "issuer": compare it character by character',
    )
    expect(exit).toBe(1)
  })

  test('an address that does not exist', async () => {
    const origin = await startServer((_, response) => void response.writeHead(404).end())

    const { exit, stderr } = await runCli([
      'check',
      '--issuer',
      origin,
      '--no-audience',
      '--jwks-uri',
      `${origin}/k?secret=1`,
    ])

    expect(lines(stderr)[0]).toBe(`✗ GET ${origin}/k?…: 404`)
    expect(stderr).toContain('HTTP status 404')
    expect(exit).toBe(2)
  })
})

test('keys that are not used are named, with the reason', async () => {
  const { jwks } = await createTestIssuer()
  const [good] = jwks.keys
  const keys = [
    good,
    { ...good, kid: 'for-encryption', use: 'enc' },
    { kty: 'oct', kid: 'x', k: 'AA' },
  ]
  const origin = await startServer((_, response) => void response.end(JSON.stringify({ keys })))

  const { exit, stderr } = await runCli([
    'check',
    '--issuer',
    origin,
    '--no-audience',
    '--jwks-uri',
    `${origin}/keys`,
  ])

  expect(stderr).toContain('! a key is not used: for-encryption (use)')
  expect(stderr).toContain('! a key is not used: without a kid (private)')
  expect(exit).toBe(0)
})

describe('the clock', () => {
  test.each([
    { seconds: 0, exit: 0, says: '✓ clock: ' },
    {
      seconds: 300,
      exit: 1,
      says: "✗ clock: 5 minutes ahead of the issuer's; 6 seconds are accepted",
    },
    { seconds: -86_400, exit: 1, says: "✗ clock: 1 day behind the issuer's" },
  ])('is off by $seconds s: exit code $exit', async ({ seconds, exit, says }) => {
    const { issuer } = await startIssuer()
    const now = () => Date.now() + seconds * 1_000

    const ran = await runCli(['check', '--issuer', issuer, '--no-audience'], { now })

    expect(ran.stderr).toContain(says)
    expect(ran.exit).toBe(exit)
  })

  test('may differ as much as the verifier tolerates', async () => {
    const { issuer } = await startIssuer()
    const now = () => Date.now() + 300_000
    const argv = ['check', '--issuer', issuer, '--no-audience', '--clock-tolerance-seconds', '600']

    expect(await runCli(argv, { now })).toMatchObject({ exit: 0 })
  })

  test('a response from a cache is as old as it says', async () => {
    const { jwks } = await createTestIssuer()
    const origin = await startServer((_, response) => {
      response.setHeader('date', new Date(Date.now() - 600_000).toUTCString())
      response.setHeader('age', '600')
      response.end(JSON.stringify(jwks))
    })

    const ran = await runCli([
      'check',
      '--issuer',
      origin,
      '--no-audience',
      '--jwks-uri',
      `${origin}/keys`,
    ])

    expect(ran).toMatchObject({ exit: 0, stderr: expect.stringContaining('✓ clock: ') })
  })
})

test('on a terminal, a spinner shows what is at work, and is gone at the end', async () => {
  const { issuer } = await startIssuer()

  const { stderr } = await runCli(['check', '--issuer', issuer, '--no-audience'], {
    isTTY: true,
    env: { NO_COLOR: '1' },
  })
  const [, ...afterSpinner] = stderr.split('\r\u001b[K')

  expect(stderr).toContain(`⠋ GET ${issuer}/.well-known/openid-configuration`)
  expect(afterSpinner.at(-1)).toMatch(/^✓ /)
})

describe('colour', () => {
  test.each([
    { env: {}, isTTY: true, isColored: true },
    { env: {}, isTTY: false, isColored: false },
    { env: { NO_COLOR: '1' }, isTTY: true, isColored: false },
    { env: { NO_COLOR: '' }, isTTY: true, isColored: true },
    { env: { FORCE_COLOR: '1' }, isTTY: false, isColored: true },
    { env: { FORCE_COLOR: '' }, isTTY: false, isColored: true },
    { env: { FORCE_COLOR: '0' }, isTTY: true, isColored: false },
    { env: { FORCE_COLOR: 'true', NO_COLOR: '1' }, isTTY: false, isColored: true },
    { env: { TERM: 'dumb' }, isTTY: true, isColored: false },
  ])('$env, terminal: $isTTY', async ({ env, isTTY, isColored }) => {
    const { stdout } = await runCli(['decode', '-'], { stdin: 'e30.e30.', env, isTTY })

    expect(stdout.includes('\u001b[')).toBe(isColored)
  })
})
