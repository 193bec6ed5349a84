/**
 * docs/command.md: every command is run, and prints what the page shows. After a change of texts, run
 * `JWT_GATE_UPDATE=1 npx vitest run test/docs/command.test.ts`, and read the difference.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cognito } from 'jwt-gate'
import { memoryRevocationStore } from 'jwt-gate/stores'
import { createTestIssuer } from 'jwt-gate/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { makeFolder, type Ran, runCli } from '../cli/run-cli.ts'
import { blocksOf, codeOf, read, tableOf } from './markdown.ts'

const PAGE = 'docs/command.md'
/** The port in the page; the real one has as many digits. */
const PORT = '19788'
/** The module with the store that the page names. */
const STORE = 'revocations.js'
const NOW = Date.parse('2026-07-20T12:00:00Z')
const KEYS = ['4b5fc71d-05c1-4a35-9f0e-1f1c4c0e8a11', '9d0a2f3e-7c55-4d57-8b0b-6f5a1f0b7c22']
const ID = '0b9c6b7e-5d0a-4a57-9c1e-3f0f2f1d6a55'

const issuer = await createTestIssuer({ now: () => NOW })
const { userPoolId, clientId } = issuer
const store = memoryRevocationStore({ now: () => NOW })
beforeAll(async () => {
  await issuer.listen()
})
afterAll(() => issuer.close())

test('every command prints what the page shows', async () => {
  const page = read(PAGE)
  const cwd = makeFolder({ [STORE]: '' })
  let shown = page
  for (const { text } of blocksOf(page, 'console')) {
    const commands = text.split('\n').filter((line) => line.startsWith('$ '))
    const outputs: string[] = []
    for (const command of commands)
      outputs.push(`${command}\n${await runLine(command.slice(2), cwd)}`)
    shown = shown.replace(text, () => outputs.join(''))
  }

  if (process.env['JWT_GATE_UPDATE'] === '1')
    writeFileSync(new URL(`../../${PAGE}`, import.meta.url), shown)
  expect(shown).toBe(read(PAGE))
})

/** Runs a line of the page: commands with pipes between them, and a file at the end. */
async function runLine(line: string, cwd: string): Promise<string> {
  const [pipeline = '', file] = withRealPort(line).split(' > ')
  let stdin: string | undefined
  let printed = ''
  for (const command of pipeline.split(' | ')) {
    const ran: Ran = await runOne(toWords(command), cwd, stdin)
    printed += ran.stderr
    stdin = ran.stdout
  }
  if (file !== undefined) writeFileSync(join(cwd, file), stdin ?? '')
  return toShown(file === undefined ? printed + stdin : printed)
}

async function runOne(
  words: readonly string[],
  cwd: string,
  stdin: string | undefined,
): Promise<Ran> {
  const [npx, program, name, ...rest] = words
  expect([npx, program]).toEqual(['npx', 'jwt-gate'])
  const given = { cwd, ...(stdin !== undefined && { stdin }) }
  // a server writes the real time
  const now = name === 'check' ? Date.now : () => NOW
  if (name === 'issuer') return runIssuer(rest)
  const where = name === 'token' ? ['--issuer', issuer.issuer] : []
  const argv = [name ?? '', ...where, ...rest]
  return runCli(argv, { ...given, now, fetch: globalThis.fetch, load })
}

/** The module of the page. */
async function load(): Promise<object> {
  const pool = { userPoolId, clientId, issuer: issuer.issuer }
  return { default: cognito({ ...pool, tokenUse: 'access' }), store }
}

/** On the port of the other one, which the page shows. */
async function runIssuer(argv: readonly string[]): Promise<Ran> {
  const stop = new AbortController()
  const ran = await runCli(['issuer', '--port', '0', ...argv], {
    stop: stop.signal,
    onOutput: () => stop.abort(),
  })
  const stdout = ran.stdout.replace(/127\.0\.0\.1:\d+/g, `127.0.0.1:${PORT}`)
  // it is not named on its own port
  return { ...ran, stdout: stdout.replace(/jwt-gate token --issuer \S+/, 'jwt-gate token') }
}

function withRealPort(line: string): string {
  return line.replaceAll(PORT, new URL(issuer.issuer).port)
}

/** Keys, identifiers and ports are new in each run; two runs of `check` may be in two seconds. */
function toShown(text: string): string {
  let shown = text.replaceAll(new URL(issuer.issuer).port, PORT)
  issuer.keys.forEach(({ kid }, at) => {
    shown = shown.replaceAll(kid, `RS256-${KEYS[at]}`)
  })
  return shown
    .replace(/((?:event_id|jti)"?:? *)"[0-9a-f-]{36}"/g, `$1"${ID}"`)
    .replace(/clock: 1 second (?:ahead of|behind) the issuer's/, "clock: the same as the issuer's")
}

function toWords(command: string): string[] {
  return (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''))
}

test('every command has an example on the page', () => {
  const page = read(PAGE)

  for (const { name } of COMMANDS) expect(page).toContain(`$ npx jwt-gate ${name} `.trimEnd())
})

test('the request without the command gives a token of the user with the claim', async () => {
  const [block] = blocksOf(read(PAGE), 'sh')
  const parameters = [
    ...(block?.text ?? '').matchAll(/-(?:d|-data-urlencode) (?:'([^']*)'|(\S+))/g),
  ]
  const form = new URLSearchParams(
    parameters.map(([, quoted, plain]) => {
      const [name = '', value = ''] = String(quoted ?? plain).split(/=(.*)/s)
      return [name, value] as [string, string]
    }),
  )

  const response = await fetch(new URL('/oauth2/token', issuer.issuer), {
    method: 'POST',
    body: form,
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  const { stdout } = await runCli(['decode', '-', '--json'], { stdin: token })

  expect(JSON.parse(stdout).payload).toMatchObject({ tenant: 'acme', username: 'alice' })
})

test('the table of exit codes has every code of every command that judges', () => {
  const rows = tableOf(read(PAGE), 'exit code').map(([code = '']) => code)
  const [header = ''] = readFileSync(new URL(`../../${PAGE}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| exit code'))

  expect(rows).toEqual(['0', '1', '2'])
  expect(header.split('|').slice(2, -1).map(codeOf)).toEqual([
    ...['explain', 'check', 'jwks', 'decode', 'revoke'],
  ])
})
