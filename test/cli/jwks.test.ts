/**
 * `jwt-gate jwks`: each key is judged as a verifier judges it.
 */
import { generateKeyPairSync } from 'node:crypto'
import { createVerifier, type JSONWebKeySet } from 'jwt-gate'
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeFolder, runCli } from './run-cli.ts'

const issuer = await createTestIssuer({ algorithms: ['ES256', 'EdDSA'] })
const [rsa, , ec] = issuer.jwks.keys
const small = generateKeyPairSync('rsa', { modulusLength: 1024 })
const secret = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  format: 'jwk',
})
const keys = [
  rsa,
  { ...ec, kid: 'ec' },
  { ...small.publicKey.export({ format: 'jwk' }), kid: 'small' },
  { ...secret, kid: 'leaked' },
  { ...rsa, kid: 'for-encryption', use: 'enc' },
  { kty: 'oct', kid: 'shared', k: 'c2VjcmV0' },
  { kty: 'EC', crv: 'secp256k1', kid: 'coin', x: 'AA', y: 'AA' },
  'no key',
]

function judge(set: unknown, argv: readonly string[] = []) {
  const cwd = makeFolder({ 'keys.json': JSON.stringify(set) })
  return runCli(['jwks', 'keys.json', ...argv], { cwd })
}

test('every key has a verdict, and the private ones are not printed', async () => {
  const { exit, stdout } = await judge({ keys })

  expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
    `${rsa?.kid} | RSA RS256 | usable`,
    'ec | EC P-256 ES256 | usable',
    'small | RSA | not used: RSA keys need 2048 bits',
    'leaked | EC P-256 | not used: it is PRIVATE, and was published: replace it at once',
    'for-encryption | RSA RS256 | not used: it is not for signatures (use)',
    expect.stringMatching(/^shared \| oct \| not used: it is PRIVATE/),
    expect.stringMatching(/^coin \| EC secp256k1 \| not used: its curve/),
    '(no kid) | not used: it is no key',
    '',
    '2 of 8 keys can be used',
    '',
  ])
  expect(exit).toBe(0)
})

test('the verdicts are those of a verifier', async () => {
  const { stdout } = await judge({ keys }, ['--json'])
  const { unusable, usable } = await countByVerifier({ keys } as JSONWebKeySet)

  const printed: { reason?: string }[] = JSON.parse(stdout).keys
  expect(printed.filter(({ reason }) => reason !== undefined)).toHaveLength(unusable)
  expect(printed.filter(({ reason }) => reason === undefined)).toHaveLength(usable)
})

async function countByVerifier(set: JSONWebKeySet) {
  const counts = { usable: 0, unusable: 0 }
  const verifier = createVerifier(
    { issuer: 'https://idp.example', audience: null, jwksUri: 'https://idp.example/keys' },
    {
      fetch: async () => Response.json(set),
      onEvent: (event) => {
        if (event.type !== 'jwks.fetched') return
        counts.usable = event.keys
        counts.unusable = event.unusable
      },
    },
  )
  await verifier.hydrate()
  return counts
}

test.each(['--json', '--env'])('%s has nothing of keys that are not used', async (option) => {
  const { stdout } = await judge({ keys }, [option])

  expect(stdout).toContain(rsa?.['n'])
  expect(stdout).not.toContain(secret.d)
  expect(stdout).not.toContain('c2VjcmV0')
})

test('--env prints a line that a shell does not run', async () => {
  const kid = '$(id)`id`$HOME'
  const { stdout } = await judge({ keys: [{ ...rsa, kid }] }, ['--env'])
  const [, value = ''] = /^JWT_GATE_JWKS=(.*)\n$/.exec(stdout) ?? []

  expect(value).not.toMatch(/[$`]/)
  expect(JSON.parse(value).keys[0].kid).toBe(kid)
})

test('--algorithms counts, as for a verifier', async () => {
  const { stdout } = await judge({ keys: [rsa, ec] }, ['--algorithms', 'ES256'])

  expect(stdout).toContain('not used: its algorithm (alg) is not accepted')
  expect(stdout).toContain('1 of 2 keys can be used')
})

test('--env prints the variable of the standalone authorizer, and it works there', async () => {
  const { createStandalone } = await import('../../src/standalone/create-standalone.ts')
  const { createAuthorizerEvent } = await import('jwt-gate/testing')

  const { exit, stdout, stderr } = await runCli(['jwks', issuer.jwksUri, '--env'], {
    fetch: issuer.fetch,
  })
  const [, name = '', value] = /^(\w+)=(.*)\n$/.exec(stdout) ?? []
  const { handler } = createStandalone(
    { [name]: value, JWT_GATE_ISSUER: issuer.issuer, JWT_GATE_AUDIENCE: 'api' },
    { log: () => undefined },
  )
  const token = await issuer.accessToken({ aud: 'api' })
  const result = await handler(createAuthorizerEvent('http-2.0', { token }))

  expect(JSON.stringify(result)).toContain('"Effect":"Allow"')
  expect(stderr).toBe(`✓ GET ${issuer.jwksUri}: 200\n`)
  expect([exit, name]).toEqual([0, 'JWT_GATE_JWKS'])
})

test('keys in PEM become a key set; a private key in PEM does not', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = `${publicKey.export({ format: 'pem', type: 'spki' })}${privateKey.export({ format: 'pem', type: 'pkcs8' })}`
  const cwd = makeFolder({ 'keys.pem': pem })

  const { stdout } = await runCli(['jwks', 'keys.pem', '--json'], { cwd })

  expect(JSON.parse(stdout)).toMatchObject({
    usable: 1,
    keys: [
      { jwk: { kty: 'EC', x: publicKey.export({ format: 'jwk' }).x } },
      { reason: 'it is no key' },
    ],
  })
})

describe('an address', () => {
  test('an issuer leads to its keys by discovery', async () => {
    const { exit, stdout, stderr } = await runCli(['jwks', '--issuer', issuer.issuer], {
      fetch: issuer.fetch,
    })

    expect(stderr).toContain('openid-configuration: 200')
    expect(stdout).toContain('4 of 4 keys can be used')
    expect(exit).toBe(0)
  })

  test('an issuer in place of the address of its keys: the way out is shown', async () => {
    const { exit, stderr } = await runCli(['jwks', issuer.issuer], { fetch: issuer.fetch })

    expect(stderr).toContain('HTTP status 404')
    expect(stderr).toContain(`If this is an issuer: npx jwt-gate jwks --issuer ${issuer.issuer}`)
    expect(exit).toBe(2)
  })

  test.each([
    { fails: 'garbage', exit: 1, says: 'the answer is not JSON' },
    { fails: 'empty', exit: 1, says: '0 of 0 keys can be used' },
    { fails: 'down', exit: 2, says: 'ERR_JWKS_UNAVAILABLE' },
  ] as const)('$fails: exit code $exit', async ({ fails, exit, says }) => {
    const own = await createTestIssuer()
    own.fail(fails)

    const ran = await runCli(['jwks', own.jwksUri], { fetch: own.fetch })

    expect(ran.stdout + ran.stderr).toContain(says)
    expect(ran.exit).toBe(exit)
  })

  test('a set without a usable key: each key has its reason', async () => {
    const fetch = async () => Response.json({ keys: [{ ...rsa, use: 'enc' }] })

    const { exit, stdout } = await runCli(['jwks', 'https://idp.example/keys'], { fetch })

    expect(stdout).toContain('not used: it is not for signatures (use)')
    expect(exit).toBe(1)
  })

  test('plain http is a mistake', async () => {
    const { exit, stderr } = await runCli(['jwks', 'http://idp.example/keys'])

    expect(stderr).toContain('plain http URL, which is allowed for loopback hosts')
    expect(exit).toBe(2)
  })

  test('a body that never ends is not kept', async () => {
    let sent = 0
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    onTestFinished(() => void body.cancel().catch(() => undefined))

    const ran = await runCli(['jwks', 'https://idp.example/keys'], {
      fetch: async () => new Response(body),
    })

    expect(ran.exit).toBe(1)
    expect(ran.stderr).toContain('too large')
    expect(sent).toBeLessThan(2_000_000)
  })
})
