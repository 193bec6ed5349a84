/**
 * The set-up, from options and from a file.
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { ISSUER_NAMES, toKebab } from '../../src/cli/arguments/setup-options.ts'
import { makeFolder, runCli } from './run-cli.ts'

let issuer: Awaited<ReturnType<typeof createTestIssuer>>
beforeAll(async () => {
  issuer = await createTestIssuer()
})

const ISSUER = ['--issuer', 'https://idp.example']
const POOL = ['--user-pool-id', 'eu-west-1_TestPool1', '--client-id', 'a', '--token-use', 'access']

function check(argv: readonly string[], files: Readonly<Record<string, string>> = {}) {
  return runCli(['check', ...argv], { fetch: issuer.fetch, cwd: makeFolder(files) })
}

describe('the message about a wrong option names it as it was written', () => {
  test.each([
    { argv: ISSUER, says: '--audience must be given: without it, a token for any other service' },
    { argv: ISSUER, says: '--no-audience switches the check off' },
    { argv: ['--audience', 'x'], says: '--issuer or --user-pool-id is missing' },
    { argv: ['--user-pool-id', 'eu-west-1_A'], says: '--client-id must be given' },
    { argv: ['--user-pool-id', 'eu-west-1_A'], says: '--no-client-id switches the check off' },
    {
      argv: ['--user-pool-id', 'eu-west-1_A', '--client-id', 'a'],
      says: '--token-use must be "access" or "id"; --no-token-use accepts both',
    },
    {
      argv: [...POOL, '--algorithms', 'RS256'],
      says: '--algorithms cannot be used with --user-pool-id',
    },
    { argv: [...POOL, '--no-audience'], says: '--no-audience has no effect with --user-pool-id' },
    { argv: ['--issuer', 'http://idp.example', '--no-audience'], says: 'to "jwks.insecureHosts"' },
    { argv: ['--issuer', 'idp', '--no-audience'], says: '--issuer must be an https URL' },
    { argv: [...ISSUER, '--audience', 'a', '--no-audience'], says: 'contradict each other' },
    {
      argv: [...ISSUER, '--audience', 'a', '--no-client-id'],
      says: '--no-client-id is for --user-pool-id',
    },
    {
      argv: [...ISSUER, '--audience', 'a', '--algorithms', 'HS256'],
      says: '--algorithms may contain',
    },
    {
      argv: [...ISSUER, '--audience', 'a', '--token-type', 'id'],
      says: '--token-type is for "typ"',
    },
    {
      argv: [...ISSUER, '--audience', 'a', '--timeout-ms', 'soon'],
      says: '--timeout-ms must be a number',
    },
    {
      argv: [...ISSUER, '--audience', 'a', '--timeout-ms', '-1'],
      says: '--timeout-ms needs a value',
    },
    {
      argv: [...ISSUER, '--audience', 'a', '--timeout-ms=-1'],
      says: '--timeout-ms must be a number',
    },
    {
      argv: [...ISSUER, '--audience', 'a', '--jwks', 'none.json'],
      says: 'There is no file none.json',
    },
  ])('$argv', async ({ argv, says }) => {
    const { exit, stderr } = await check(argv)

    expect(stderr.replaceAll('--insecure-hosts', '"jwks.insecureHosts"')).toContain(says)
    expect(exit).toBe(2)
  })

  test('a file without keys is a mistake, and its content is not shown', async () => {
    const argv = [...ISSUER, '--audience', 'a', '--jwks', 'keys.json']

    const { exit, stderr } = await check(argv, { 'keys.json': 'SECRET' })

    expect(stderr).toContain('keys.json has no keys: it must be a JWK Set')
    expect(stderr).not.toContain('SECRET')
    expect(exit).toBe(2)
  })
})

test('every option of an issuer and of a user pool can be given', async () => {
  // those that the library names for a wrong option
  const { cognito, createVerifier } = await import('jwt-gate')
  const makers = [
    () => createVerifier({ issuer: 'https://a.example', audience: null, wrong: 1 } as never),
    () => cognito({ wrong: 1 } as never),
  ]
  const named = makers.flatMap((make) => {
    try {
      make()
    } catch (error) {
      return (error as Error).message.replace(/^.* has: /, '').split(', ')
    }
    return []
  })
  const wanted = new Set(named.map(toKebab))
  // a schema is no text
  wanted.delete('claims')

  expect(ISSUER_NAMES.filter((name) => !name.startsWith('no-')).sort()).toEqual([...wanted].sort())
})

test('the keys can come from a file, as a JWK Set or in PEM: nothing is fetched', async () => {
  const { createPublicKey } = await import('node:crypto')
  const key = createPublicKey({ key: issuer.jwks.keys[0] as never, format: 'jwk' })
  const files = {
    'keys.json': JSON.stringify(issuer.jwks),
    'key.pem': String(key.export({ format: 'pem', type: 'spki' })),
  }
  const before = issuer.requests

  for (const file of Object.keys(files)) {
    const { exit, stdout } = await check([...ISSUER, '--no-audience', '--jwks', file], files)
    expect(stdout).toBe('alive: tokens can be verified (the keys are given: nothing was fetched)\n')
    expect(exit).toBe(0)
  }
  expect(issuer.requests).toBe(before)
})

describe('a file with the set-up', () => {
  const trusted = () => JSON.stringify({ issuer: issuer.issuer, audience: null })

  test.each(['jwt-gate.config.js', 'jwt-gate.config.mjs'])('%s is found', async (name) => {
    const { exit, stderr } = await check([], {
      [name]: `export default ${trusted()}`,
      'package.json': '{"type":"module"}',
    })

    expect(stderr).toContain(`✓ set-up from ${name}\n`)
    expect(stderr).toContain(`keys of ${issuer.issuer}: 2 usable`)
    expect(exit).toBe(0)
  })

  test('a CommonJS file, an option beside the issuer, and --config', async () => {
    const { exit, stderr } = await check(['--config', 'other.cjs'], {
      'other.cjs': `exports.default = Promise.resolve(${trusted()}); exports.options = { clockToleranceSeconds: 1 }`,
    })

    expect(stderr).toContain('2 usable')
    expect(exit).toBe(0)
  })

  test.each(['default', 'verifier'])('it may export a verifier, as %s', async (name) => {
    const { createVerifier } = await import('jwt-gate')
    const verifier = createVerifier(
      { issuer: issuer.issuer, audience: null },
      { fetch: issuer.fetch },
    )
    const given = {
      cwd: makeFolder({ 'jwt-gate.config.js': '' }),
      load: async () => ({ [name]: verifier }),
    }

    expect(await runCli(['check'], given)).toMatchObject({ exit: 0 })
    expect(await runCli(['check', '--timeout-ms', '10'], given)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('exports a verifier, which has its options already'),
    })
  })

  test('options of the command line take its place, and --config beside them is a mistake', async () => {
    const files = { 'jwt-gate.config.mjs': 'throw new Error("was run")' }

    const own = await check(['--issuer', issuer.issuer, '--no-audience'], files)
    const both = await check([...ISSUER, '--config', 'jwt-gate.config.mjs'], files)

    expect(own.exit).toBe(0)
    expect(both).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--config cannot be used with --issuer'),
    })
  })

  test.each([
    { text: '', says: 'exports neither "verifier" nor a default' },
    { text: 'export const verifier = 1', says: 'exports neither "verifier" nor a default' },
    { text: 'export default { issuer: "https://a.example" }', says: '"audience" must be given' },
    { text: 'throw new Error("broken")', says: 'broken' },
  ])('$text: $says', async ({ text, says }) => {
    const { exit, stderr } = await check([], { 'jwt-gate.config.mjs': text })

    expect(stderr).toContain(says)
    expect(exit).toBe(2)
  })

  test('a file that is not there is a mistake', async () => {
    expect(await check(['--config', 'none.js'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('There is no file none.js'),
    })
  })
})
