/**
 * `jwt-gate decode`, and the ways to give a token.
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, test } from 'vitest'
import { makeFolder, runCli } from './run-cli.ts'

const NOW = Date.parse('2026-07-20T12:00:00Z')
const now = () => NOW
const issuer = await createTestIssuer({ now })
const token = await issuer.accessToken({ nbf: NOW / 1_000 - 90 })
const signature = token.slice(token.lastIndexOf('.') + 1)

describe('a token', () => {
  test('is shown as unverified, with its times, and without its signature', async () => {
    const { exit, stdout, stderr } = await runCli(['decode', '-'], { stdin: token, now })

    expect(stdout.split('\n')[0]).toMatch(/^UNVERIFIED: /)
    expect(stdout).toContain('"client_id": "1example23456789testclient"')
    expect(stdout).toContain('exp       2026-07-20T13:00:00Z, in 1 hour')
    expect(stdout).toContain('nbf       2026-07-20T11:58:30Z, 90 seconds ago')
    expect(stdout).not.toContain(signature.slice(0, 20))
    expect([exit, stderr]).toEqual([0, ''])
  })

  test('as JSON: it says that nothing is verified', async () => {
    const { stdout } = await runCli(['decode', '-', '--json'], { stdin: token })

    expect(stdout.match(/\n/g)).toHaveLength(1)
    expect(JSON.parse(stdout)).toMatchObject({
      verified: false,
      payload: { token_use: 'access' },
      header: { alg: 'RS256' },
      signatureBytes: 256,
    })
    expect(stdout).not.toContain(signature.slice(0, 20))
  })

  test.each([
    { name: 'standard input, named', argv: ['-'], stdin: `${token}\n` },
    { name: 'standard input, not named', argv: [], stdin: `${token}\r\n` },
    {
      name: 'standard input of PowerShell',
      argv: [],
      stdin: Buffer.from(`\ufeff${token}`, 'utf16le'),
    },
    { name: 'a file', argv: ['token.txt'], stdin: undefined },
  ])('comes from $name', async ({ argv, stdin }) => {
    const cwd = makeFolder({ 'token.txt': `${token}\n` })

    const given = stdin === undefined ? { cwd } : { cwd, stdin }
    const { exit, stdout, stderr } = await runCli(['decode', ...argv, '--json'], given)

    expect(JSON.parse(stdout).signatureBytes).toBe(256)
    expect([exit, stderr]).toEqual([0, ''])
  })

  test('comes from an argument, with a soft warning', async () => {
    const { exit, stdout, stderr } = await runCli(['decode', token])

    expect(stdout).toContain('"alg": "RS256"')
    expect(stderr).toMatch(
      /^! The token is in the command line, and therefore in the history of the shell/,
    )
    expect(exit).toBe(0)
  })
})

test.each([
  { after: 0, says: '2026-07-20T12:00:00Z, now' },
  { after: 1, says: '2026-07-20T12:00:01Z, in 1 second' },
  { after: 1.5, says: '2026-07-20T12:00:01.500Z, in 2 seconds' },
  { after: -59, says: '2026-07-20T11:59:01Z, 59 seconds ago' },
  { after: 60, says: '2026-07-20T12:01:00Z, in 1 minute' },
  { after: 119, says: '2026-07-20T12:01:59Z, in 119 seconds' },
  { after: 120, says: '2026-07-20T12:02:00Z, in 2 minutes' },
  { after: 3_580, says: '2026-07-20T12:59:40Z, in 1 hour' },
  { after: 4_800, says: '2026-07-20T13:20:00Z, in 80 minutes' },
  { after: 7_190, says: '2026-07-20T13:59:50Z, in 2 hours' },
  { after: 86_400, says: '2026-07-21T12:00:00Z, in 1 day' },
  { after: -129_600, says: '2026-07-19T00:00:00Z, 36 hours ago' },
  // in milliseconds
  { after: 999 * (NOW / 1_000), says: '+058520-02-07T00:00:00Z, in 20,633,846 days' },
])('a time after $after seconds is shown as $says', async ({ after, says }) => {
  const stdin = await issuer.accessToken({ exp: NOW / 1_000 + after })

  const { stdout } = await runCli(['decode', '-'], { stdin, now })

  expect(stdout).toContain(`  exp       ${says}\n`)
})

describe('what is no token', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64url')
  test.each([
    ['opaque', 'no dot'],
    ['a.b', '2 parts'],
    ['e30.W10.', 'its second part'],
    [`${encode('"x"')}.e30.`, 'its first part'],
    [`${encode('nonsense')}.e30.`, 'its first part'],
  ])('%j is refused: %s', async (stdin, says) => {
    const text = await runCli(['decode', '-'], { stdin })
    const json = await runCli(['decode', '-', '--json'], { stdin })

    expect(text.stdout).toContain('This is not a JWT')
    expect(text.stdout).toContain(says)
    expect(JSON.parse(json.stdout).error).toContain(says)
    expect([text.exit, json.exit]).toEqual([1, 1])
  })

  test('an encrypted token: only its header is shown', async () => {
    const stdin = `${encode('{"alg":"RSA-OAEP","enc":"A256GCM"}')}.a.b.c.d`

    const { exit, stdout } = await runCli(['decode', '-'], { stdin })

    expect(stdout).toContain('A256GCM')
    expect(stdout).toContain('The token is encrypted (JWE)')
    expect(exit).toBe(1)
  })

  test.each([
    [['tokne.txt'], 'There is no file tokne.txt'],
    [['nofile'], 'There is no file nofile, and it is not a JWT'],
    [['./missing'], 'There is no file ./missing'],
    [['.'], '. cannot be read (EISDIR)'],
  ])('%j is a file that cannot be read', async (argv, says) => {
    const { exit, stderr } = await runCli(['decode', ...argv])

    expect(stderr).toContain(says)
    expect(exit).toBe(2)
  })

  test.each([
    ['an empty standard input', ['-'], 'There is no token: give a file, - for standard input'],
    ['two arguments', ['a', 'b'], 'takes one token'],
  ])('%s is a mistake in the command line', async (_, argv, says) => {
    for (const command of ['decode', 'explain']) {
      const { exit, stderr } = await runCli([command, ...argv], { stdin: '\n' })

      expect(stderr).toContain(says)
      expect(exit).toBe(2)
    }
  })

  test('more than a megabyte is not read', async () => {
    const { exit, stderr } = await runCli(['decode', '-'], { stdin: 'a'.repeat(1_048_577) })

    expect(stderr).toContain('Standard input is longer than 1048576 bytes')
    expect(exit).toBe(2)
  })
})
