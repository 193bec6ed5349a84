/**
 * `jwt-gate explain`: the set-ups, the exit codes, and a set-up that the token itself describes.
 */
import { createTestIssuer } from 'jwt-gate/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeFolder, runCli } from './run-cli.ts'

const NOW = Date.parse('2026-07-20T12:00:00Z')
const now = () => NOW
const issuer = await createTestIssuer({ now })
const { fetch, userPoolId, clientId } = issuer
const POOL = ['--user-pool-id', userPoolId, '--client-id', clientId, '--token-use', 'access']

function explain(stdin: string, argv: readonly string[]) {
  return runCli(['explain', '-', ...argv], { stdin, now, fetch })
}

describe('with a set-up', () => {
  test('a good token is accepted: exit code 0', async () => {
    const { exit, stdout, stderr } = await explain(await issuer.accessToken(), POOL)

    expect(stdout).toMatch(/^accepted\n/)
    expect(stderr).toBe(`✓ GET ${issuer.jwksUri}: 200\n`)
    expect(exit).toBe(0)
  })

  test('a bad token is refused: exit code 1', async () => {
    const { exit, stdout } = await explain(await issuer.idToken(), POOL)

    expect(stdout).toMatch(/^refused ERR_CLAIM_TOKEN_USE\n/)
    expect(stdout).toContain('An ID token was sent where an access token is wanted')
    expect(exit).toBe(1)
  })

  test('without keys nobody knows: exit code 2', async () => {
    issuer.fail('down')
    onTestFinished(() => issuer.fail(null))

    const { exit, stdout } = await explain(await issuer.accessToken(), POOL)

    expect(stdout).toMatch(/^undecided ERR_JWKS_UNAVAILABLE\n/)
    expect(exit).toBe(2)
  })

  test('advice names the options of the command line', async () => {
    const { stdout } = await explain(await issuer.idToken(), POOL)

    expect(stdout).toContain('--token-use')
    expect(stdout).not.toContain('"tokenUse"')
  })

  test('advice names the options of the file, if the set-up is in one', async () => {
    const cwd = makeFolder({
      'jwt-gate.config.mjs': `export default ${JSON.stringify({ issuer: issuer.issuer, audience: null, jwksUri: issuer.jwksUri, tokenUse: 'access' })}`,
    })

    const { stdout } = await runCli(['explain', '-'], {
      stdin: await issuer.idToken(),
      now,
      fetch,
      cwd,
    })

    expect(stdout).toContain('"tokenUse"')
  })

  test('as JSON: the explanation', async () => {
    const { exit, stdout } = await explain(await issuer.idToken(), [...POOL, '--json'])

    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'refused',
      code: 'ERR_CLAIM_TOKEN_USE',
      checks: expect.arrayContaining([expect.objectContaining({ name: 'exp', outcome: 'passed' })]),
    })
    expect(exit).toBe(1)
  })

  test('at another time', async () => {
    const token = await issuer.accessToken()

    const later = await explain(token, [...POOL, '--at', '2026-07-20T14:00:00Z'])
    const wrong = await explain(token, [...POOL, '--at', 'tomorrow'])

    expect(later.stdout).toMatch(/^refused ERR_TOKEN_EXPIRED\n/)
    expect(wrong).toMatchObject({ exit: 2, stderr: expect.stringContaining('--at must be a time') })
  })

  test.each([
    { rule: ['--groups', 'admin,owner'], verdict: 'accepted', exit: 0 },
    { rule: ['--groups', 'owner'], verdict: 'refused ERR_ACCESS_GROUP', exit: 1 },
    { rule: ['--scopes', 'orders/read'], verdict: 'refused ERR_ACCESS_SCOPE', exit: 1 },
    {
      rule: ['--access', '{"claims":{"username":"bob"}}'],
      verdict: 'refused ERR_ACCESS_DENIED',
      exit: 1,
    },
    { rule: ['--access', '{"groups":["admin"]}'], verdict: 'accepted', exit: 0 },
  ])('with an access rule: $rule', async ({ rule, verdict, exit }) => {
    const token = await issuer.accessToken({ 'cognito:groups': ['admin'] })

    const ran = await explain(token, [...POOL, ...rule])

    expect(ran.stdout.split('\n')[0]).toBe(verdict)
    expect(ran.exit).toBe(exit)
  })

  test.each([
    [['--access', 'admin'], '--access must be an access rule as JSON'],
    [['--access', '{}', '--groups', 'a'], '--access cannot be used with --scopes or --groups'],
    [['--access', '{"group":["a"]}'], '"group" is not an option'],
  ])('a wrong access rule is a mistake: %j', async (rule, says) => {
    const { exit, stderr } = await explain(await issuer.accessToken(), [...POOL, ...rule])

    expect(stderr).toContain(says)
    expect(exit).toBe(2)
  })

  test('Bearer without quotes is part of what was sent', async () => {
    const argv = ['explain', 'Bearer', await issuer.accessToken(), ...POOL]

    const { exit, stdout } = await runCli(argv, { now, fetch })

    expect(stdout).toMatch(/^refused ERR_TOKEN_MALFORMED\n/)
    expect(stdout).toContain('Bearer')
    expect(exit).toBe(1)
  })
})

describe('without a set-up, the unverified token describes one', () => {
  test('a token of a user pool: the options that would have to be set, and no verdict', async () => {
    const { exit, stdout, stderr } = await explain(await issuer.accessToken(), [])

    expect(stderr).toContain(
      `! No set-up was given: asking ${issuer.issuer}, which the unverified token names, for its keys\n`,
    )
    expect(stdout).toContain('This set-up was taken from the UNVERIFIED token:')
    expect(stdout).toMatch(new RegExp(`  --user-pool-id ${userPoolId} +from iss\n`))
    expect(stdout).toMatch(new RegExp(`  --client-id ${clientId} +from client_id\n`))
    expect(stdout).toMatch(/ {2}--token-use access +from token_use\n/)
    expect(stdout).toMatch(/\n\nundecided\n\n1\. Nobody has said whom to trust/)
    expect(exit).toBe(2)
  })

  test('the ID token of a user pool: its client is in aud', async () => {
    const { stdout } = await explain(await issuer.idToken(), ['--json'])

    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'undecided',
      assumed: [
        { name: 'user-pool-id', value: userPoolId, claim: 'iss' },
        { name: 'client-id', value: clientId, claim: 'aud' },
        { name: 'token-use', value: 'id', claim: 'token_use' },
      ],
    })
  })

  test('any other token: issuer and audience, and the keys by discovery', async () => {
    const claims = { iss: issuer.issuer, aud: ['api', 'b'], exp: NOW / 1_000 + 60 }

    const { exit, stdout, stderr } = await explain(await issuer.token(claims), ['--json'])

    expect(stderr).toContain(`✓ GET ${issuer.issuer}/.well-known/openid-configuration: 200\n`)
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'undecided',
      causes: [{ advice: expect.stringContaining(`--issuer ${issuer.issuer} --audience api`) }],
      assumed: [
        { name: 'issuer', value: issuer.issuer, claim: 'iss' },
        { name: 'audience', value: 'api', claim: 'aud' },
      ],
    })
    expect(exit).toBe(2)
  })

  test('a token without aud: the check would have to be switched off', async () => {
    const { stdout } = await explain(
      await issuer.token({ iss: issuer.issuer, exp: NOW / 1_000 + 60 }),
      [],
    )

    expect(stdout).toMatch(/ {2}--no-audience +the token has no aud\n/)
  })

  test('a token that fails anyway is refused, and says both', async () => {
    const { exit, stdout } = await explain(await issuer.accessToken({ exp: 1 }), [])

    expect(stdout).toContain('\n\nrefused ERR_TOKEN_EXPIRED\n')
    expect(stdout).toContain('Nobody has said whom to trust')
    expect(exit).toBe(1)
  })

  test('an emulator on loopback: the issuer is an option too', async () => {
    const local = await createTestIssuer({ now, userPoolId: 'us-east-1_Local' })
    await local.listen()
    onTestFinished(() => local.close())

    const ran = await runCli(['explain', '-'], { stdin: await local.accessToken(), now })

    expect(ran.stderr).toContain(`✓ GET ${local.jwksUri}: 200`)
    expect(ran.stdout).toContain(
      `--user-pool-id us-east-1_Local --issuer ${local.issuer} --client-id`,
    )
  })

  test('no token at all needs no set-up, and nothing is asked', async () => {
    const before = issuer.requests

    const { exit, stdout, stderr } = await explain('opaque', [])

    expect(stdout).toMatch(/^refused ERR_TOKEN_MALFORMED\n/)
    expect([exit, stderr, issuer.requests]).toEqual([1, '', before])
  })
})
