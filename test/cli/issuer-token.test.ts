/**
 * `jwt-gate issuer` and `jwt-gate token`, over real HTTP.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cognito, createVerifier } from 'jwt-gate'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Ran, runCli } from './run-cli.ts'

interface Started {
  readonly issuer: string
  readonly jwksUri: string
  readonly userPoolId: string
  readonly clientId: string
  readonly stop: () => Promise<Ran>
}

/** Runs the issuer until the test ends. */
async function startIssuer(argv: readonly string[] = []): Promise<Started> {
  const controller = new AbortController()
  let ended: Promise<Ran> | undefined
  const printed = await new Promise<string>((resolve) => {
    ended = runCli(['issuer', '--port', '0', '--json', ...argv], {
      stop: controller.signal,
      onOutput: resolve,
    })
  })
  const stop = (): Promise<Ran> => {
    controller.abort()
    return ended as Promise<Ran>
  }
  onTestFinished(() => void stop())
  return { ...JSON.parse(printed), stop }
}

function createToken(issuer: string, argv: readonly string[] = []): Promise<Ran> {
  return runCli(['token', '--issuer', issuer, ...argv], { fetch: globalThis.fetch })
}

test('its access token is verified by a verifier for its user pool', async () => {
  const { issuer, userPoolId, clientId, stop } = await startIssuer()
  const verifier = createVerifier(cognito({ userPoolId, clientId, issuer, tokenUse: 'access' }))

  const { exit, stdout, stderr } = await createToken(issuer, [
    '--claim',
    'cognito:groups=["admin"]',
  ])
  const { claims } = await verifier.verify(stdout.trimEnd())

  expect(claims).toMatchObject({ username: 'alice', 'cognito:groups': ['admin'] })
  expect([exit, stderr]).toEqual([0, ''])
  expect(await stop()).toMatchObject({ exit: 0, stderr: '' })
})

test.each([
  { argv: ['--token-use', 'id'], wanted: { token_use: 'id', email: 'alice@example.com' } },
  { argv: ['--machine'], wanted: { token_use: 'access', scope: 'orders/read orders/write' } },
  { argv: ['--claim', 'tenant=acme', '--claim', 'level=3'], wanted: { tenant: 'acme', level: 3 } },
])('$argv: $wanted', async ({ argv, wanted }) => {
  const { issuer } = await startIssuer()

  const { stdout } = await createToken(issuer, [...argv, '--json'])
  const { token } = JSON.parse(stdout)
  const decoded = await runCli(['decode', '-', '--json'], { stdin: token })

  expect(JSON.parse(decoded.stdout).payload).toMatchObject(wanted)
})

test('--expired: the token has expired, and everything else is right', async () => {
  const { issuer, userPoolId, clientId } = await startIssuer()
  const { stdout } = await createToken(issuer, ['--expired'])
  const setup = ['--user-pool-id', userPoolId, '--issuer', issuer, '--client-id', clientId]

  const explained = await runCli(['explain', '-', ...setup, '--token-use', 'access'], {
    stdin: stdout,
  })

  expect(explained.stdout).toMatch(/^refused ERR_TOKEN_EXPIRED\n/)
})

test('it says how to go on, and the commands that it shows work', async () => {
  const controller = new AbortController()
  let ended: Promise<Ran> | undefined
  const text = await new Promise<string>((resolve) => {
    ended = runCli(
      ['issuer', '--port', '0', '--user-pool-id', 'us-east-1_Own', '--algorithms', 'ES256'],
      {
        stop: controller.signal,
        onOutput: resolve,
      },
    )
  })
  const [token = [], explain = []] = [
    ...text.replaceAll('\\\n', '').matchAll(/^ {2}npx jwt-gate (.*)$/gm),
  ].map(([, line = '']) => line.split(' > ')[0]?.split(/\s+/) ?? [])

  const created = await runCli(token, { fetch: globalThis.fetch })
  const argv = explain.map((word) => (word === 'token.txt' ? '-' : word))
  const explained = await runCli(argv, { stdin: created.stdout })
  controller.abort()
  await ended

  expect(explained).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^accepted\n/) })
})

describe('a mistake', () => {
  test('no issuer is running', async () => {
    const { issuer, stop } = await startIssuer()
    await stop()

    const { exit, stderr } = await createToken(issuer)

    expect(stderr).toContain('start one with npx jwt-gate issuer')
    expect(exit).toBe(2)
  })

  test('something else listens there', async () => {
    const server = createServer((_, response) => void response.end('<p>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo

    const { exit, stderr } = await createToken(`http://127.0.0.1:${port}`)

    expect(stderr).toContain('is no test issuer of jwt-gate: HTTP status 200')
    expect(exit).toBe(2)
  })

  test('the port is in use', async () => {
    const { issuer } = await startIssuer()

    const { exit, stderr } = await runCli(['issuer', '--port', new URL(issuer).port])

    expect(stderr).toContain('is in use (is another jwt-gate issuer running?): give another --port')
    expect(exit).toBe(2)
  })

  test.each([
    [['--issuer', 'https://cognito-idp.eu-west-1.amazonaws.com/p'], 'on loopback'],
    [['--issuer', 'http://idp.example'], 'on loopback'],
    [['--token-use', 'refresh'], '--token-use must be access or id'],
    [['--machine', '--token-use', 'id'], 'contradict each other'],
    [['--claim', 'tenant'], '--claim needs a name and a value'],
  ])('%j', async (argv, says) => {
    const { exit, stderr } = await runCli(['token', ...argv])

    expect(stderr).toContain(says)
    expect(exit).toBe(2)
  })
})
