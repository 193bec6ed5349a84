/**
 * The program as a process of its own: streams, signals, exit codes.
 */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createTestIssuer } from 'jwt-gate/testing'
import { expect, onTestFinished, test } from 'vitest'
import { makeFolder } from './run-cli.ts'

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts')

interface Finished {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

function start(argv: readonly string[], stdin = '', env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...argv], {
    env: { PATH: process.env['PATH'], ...env },
    cwd: resolve(import.meta.dirname, '../..'),
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  child.stdin.on('error', () => undefined).end(stdin)
  const finished = new Promise<Finished>((done) => {
    child.on('close', (exit) => done({ exit, stdout, stderr }))
  })
  return { child, finished }
}

test('a token from standard input, and the issuer over the network', async () => {
  const issuer = await createTestIssuer()
  await issuer.listen()
  onTestFinished(() => issuer.close())
  const argv = ['explain', '-', '--issuer', issuer.issuer, '--no-audience']

  const good = await start(argv, `${await issuer.accessToken()}\n`).finished
  const bad = await start([...argv, '--json'], await issuer.accessToken({ exp: 1 })).finished

  expect(good.stdout).toMatch(/^accepted\n/)
  expect(good.stderr).toContain(`✓ GET ${issuer.jwksUri}: 200\n`)
  expect(good.exit).toBe(0)
  expect(JSON.parse(bad.stdout).code).toBe('ERR_TOKEN_EXPIRED')
  expect(bad.exit).toBe(1)
})

test('a mistake has the exit code 2, and colour is off without a terminal', async () => {
  const { exit, stdout, stderr } = await start(['check', '--isuer', 'x']).finished

  expect(stderr).toBe(
    'jwt-gate: There is no option --isuer: did you mean --issuer?\nFor help: npx jwt-gate check --help\n',
  )
  expect([exit, stdout]).toEqual([2, ''])
})

test.each(['SIGINT', 'SIGTERM'] as const)('the issuer ends on %s', async (signal) => {
  const { child, finished } = start(['issuer', '--port', '0', '--json'])
  await new Promise((done) => child.stdout.once('data', done))

  child.kill(signal)

  expect(await finished).toMatchObject({ exit: 0, stderr: '' })
})

test('a reader that goes away changes no exit code', async () => {
  const { child, finished } = start(['explain', '-'], 'opaque')
  child.stdout.destroy()

  expect(await finished).toMatchObject({ exit: 1, stderr: '' })
})

test('Ctrl-C ends a command that waits', async () => {
  const issuer = await createTestIssuer()
  await issuer.listen()
  onTestFinished(() => issuer.close())
  issuer.fail('slow')
  const argv = ['check', '--issuer', issuer.issuer, '--no-audience', '--timeout-ms', '600000']
  const { child, finished } = start(argv)
  await expect.poll(() => issuer.requests, { timeout: 20_000 }).toBe(1)

  child.kill('SIGINT')

  expect(await finished).toMatchObject({ exit: null })
})

test('a set-up that holds the process open does not keep the command', async () => {
  const cwd = makeFolder({
    'set-up.mjs': `setInterval(() => undefined, 1_000)
export default { issuer: 'https://idp.example', audience: null }`,
  })

  const { exit, stdout } = await start(['explain', '-', '--config', `${cwd}/set-up.mjs`], 'opaque')
    .finished

  expect(stdout).toMatch(/^refused ERR_TOKEN_MALFORMED\n/)
  expect(exit).toBe(1)
})
