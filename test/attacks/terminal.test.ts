/**
 * What the command prints of a token cannot take over the terminal, hide text, flood it, or be run by a shell.
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runCli } from '../cli/run-cli.ts'

const issuer = await createTestIssuer()
const { fetch } = issuer

// everything but printable characters, and the line feeds of the command itself
const UNSAFE = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u

const ATTACKS = {
  'moves the cursor': '\u001b[2J\u001b[1;1Haccepted',
  'sets the title of the window': '\u001b]0;accepted\u0007',
  'sends C1 controls': '\u009b2J\u0085\u0090',
  'returns to the start of the line': '\rrefused',
  'begins a new line': 'x\n\naccepted',
  'reverses the direction of text': '\u202eexample.com\u2066',
  'hides text': 'admin\u200b\u2060\ufeff\u00ad',
  'separates lines': 'a\u2028b\u2029c',
  'has tags and private characters': '\u{e0041}\ue000',
  'has a lone surrogate': '\ud800',
} as const

describe.each(Object.entries(ATTACKS))('a claim that %s', (_, text) => {
  const claims = { [text]: text, sub: text, client_id: text, scope: text, aud: text, jti: [text] }
  const token = () => issuer.accessToken(claims)

  test.each([
    { argv: ['decode', '-'] },
    { argv: ['decode', '-', '--json'] },
    { argv: ['explain', '-'] },
    { argv: ['explain', '-', '--json'] },
    { argv: ['explain', '-', '--issuer', issuer.issuer, '--audience', 'api'] },
  ])('is escaped by $argv', async ({ argv }) => {
    const { stdout, stderr } = await runCli(argv, { stdin: await token(), fetch })

    expect(stdout).not.toMatch(UNSAFE)
    expect(stderr).not.toMatch(UNSAFE)
  })

  test('is still there as JSON', async () => {
    const { stdout } = await runCli(['decode', '-', '--json'], { stdin: await token() })

    expect(JSON.parse(stdout).payload.sub).toBe(JSON.parse(JSON.stringify(text)))
  })

  test('is escaped in a header, a kid and an issuer', async () => {
    const stdin = await issuer.token(
      { iss: `https://a.example/${text}`, exp: 9e9 },
      { header: { kid: text, typ: text } },
    )

    for (const argv of [
      ['decode', '-'],
      ['explain', '-'],
      ['explain', '-', '--issuer', issuer.issuer, '--no-audience'],
    ]) {
      const { stdout, stderr } = await runCli(argv, { stdin, fetch })
      expect(stdout + stderr).not.toMatch(UNSAFE)
    }
  })

  test('is escaped if it is the whole token, an option, a file or a command', async () => {
    for (const argv of [
      ['explain', text],
      ['decode', text],
      [text],
      ['check', `--${text}`],
      ['check', '--config', text],
    ]) {
      const { stdout, stderr } = await runCli(argv, {})
      expect(stdout + stderr).not.toMatch(UNSAFE)
    }
  })

  test('is not taken as the ID of a user pool, which the issuer prints', async () => {
    const argv = ['issuer', '--port', '0', '--user-pool-id', `eu-west-1_Own${text}`]

    const { exit, stdout, stderr } = await runCli(argv, { stop: AbortSignal.abort() })

    expect(stdout + stderr).not.toMatch(UNSAFE)
    expect([exit, stdout]).toEqual([2, ''])
    expect(stderr).toContain('--user-pool-id must be the ID of a user pool')
  })

  test('is escaped if a key set has it', async () => {
    const keys = [
      { kid: text, kty: text, crv: text, alg: text },
      { ...issuer.jwks.keys[0], kid: text },
    ]
    const own = async () => Response.json({ keys })

    for (const option of ['--json', '--env', '--quiet']) {
      const { stdout, stderr } = await runCli(['jwks', 'https://idp.example/keys', option], {
        fetch: own,
      })
      expect(stdout + stderr).not.toMatch(UNSAFE)
    }
  })
})

test('a harmless claim is shown as it is', async () => {
  const stdin = await issuer.accessToken({ name: 'Zoë 李 🙂' })

  expect((await runCli(['decode', '-'], { stdin })).stdout).toContain('"name": "Zoë 李 🙂"')
})

describe('the size of the output is limited', () => {
  test.each([
    { name: 'a long text', payload: `{"a":"${'x'.repeat(700_000)}"}` },
    { name: 'a long name', payload: `{"${'x'.repeat(700_000)}":1}` },
    { name: 'deep nesting', payload: `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}` },
    { name: 'deep lists', payload: `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}` },
    {
      name: 'many claims',
      payload: `{${Array.from({ length: 50_000 }, (_, at) => `"c${at}":1`).join()}}`,
    },
    { name: 'a long list', payload: `{"a":[${Array.from({ length: 200_000 }, () => 1).join()}]}` },
  ])('of $name', async ({ payload }) => {
    const stdin = await issuer.token(payload)

    for (const argv of [
      ['decode', '-'],
      ['decode', '-', '--json'],
      ['explain', '-', '--issuer', issuer.issuer, '--no-audience'],
    ]) {
      const { stdout, stderr } = await runCli(argv, { stdin, fetch })
      expect(stdout.length + stderr.length).toBeLessThan(20_000)
    }
  })
})

describe('a command line that is made of a token', () => {
  test.each([
    '$(touch /tmp/x)',
    '`id`',
    'a; id',
    "'; id #",
    'a b',
    '--config=evil.js',
    '-x',
    'a\nb',
    'ä',
  ])('has no %j', async (aud) => {
    const stdin = await issuer.token({ iss: issuer.issuer, aud, exp: 9e9 })

    const { stdout } = await runCli(['explain', '-', '--json'], { stdin, fetch })
    const [cause] = JSON.parse(stdout).causes

    expect(cause.advice).toMatch(/ --audience <audience>$/)
  })

  test('has a harmless value', async () => {
    const stdin = await issuer.token({ iss: issuer.issuer, aud: 'api://orders', exp: 9e9 })

    const { stdout } = await runCli(['explain', '-', '--json'], { stdin, fetch })

    expect(JSON.parse(stdout).causes[0].advice).toMatch(/ --audience api:\/\/orders$/)
  })
})

describe('which address a token can make the command ask', () => {
  const asked: string[] = []
  const recorder: typeof globalThis.fetch = async (input) => {
    asked.push(String(input))
    throw new Error('not now')
  }

  test.each([
    'http://idp.example',
    'http://169.254.169.254/latest',
    'http://localhost.evil.example',
    'file:///etc/passwd',
    'data:application/json,{}',
    'https://user:password@idp.example',
    'urn:example:issuer',
    `https://idp.example/${'a'.repeat(3_000)}`,
    '',
    7,
    null,
    undefined,
    ['https://idp.example'],
  ])('not %j', async (iss) => {
    asked.length = 0
    const stdin = await issuer.token({ iss, exp: 9e9 })

    const { exit, stderr } = await runCli(['explain', '-'], { stdin, fetch: recorder })

    expect(asked).toEqual([])
    expect(stderr).toContain(`The token's "iss" is no https URL`)
    expect(exit).toBe(2)
  })

  test.each(['https://idp.example/a', 'http://127.0.0.1:9/a', 'http://localhost:9/a'])(
    'it can be %s, and the command says so first',
    async (iss) => {
      asked.length = 0
      const stdin = await issuer.token({ iss, exp: 9e9 })

      const { stderr } = await runCli(['explain', '-'], { stdin, fetch: recorder })

      expect(asked[0]).toBe(`${iss}/.well-known/openid-configuration`)
      expect(stderr).toMatch(/^! No set-up was given: asking /)
    },
  )

  test('the metadata of a public issuer cannot lead into a private network', async () => {
    const { createServer } = await import('node:http')
    // on loopback, so that the metadata is reached; another private network is not its own
    const server = createServer((_, response) => {
      const origin = `http://${response.req.headers.host}`
      response.end(JSON.stringify({ issuer: origin, jwks_uri: 'https://10.0.0.1/keys' }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    const stdin = await issuer.token({ iss: `http://127.0.0.1:${port}`, exp: 9e9 })

    const { exit, stdout } = await runCli(['explain', '-'], { stdin })

    expect(stdout).toContain('undecided ERR_JWKS_INVALID')
    expect(exit).toBe(2)
  })
})

test('a token that names its own issuer is never accepted, whatever it says', async () => {
  const attacker = await createTestIssuer({ userPoolId: 'eu-west-1_Attacker' })
  const given = { stdin: await attacker.accessToken(), fetch: attacker.fetch }

  const { exit, stdout } = await runCli(['explain', '-'], given)
  const json = await runCli(['explain', '-', '--json'], { ...given })

  expect(exit).toBe(2)
  expect(stdout).not.toContain('accepted')
  expect(JSON.parse(json.stdout).verdict).toBe('undecided')
})
