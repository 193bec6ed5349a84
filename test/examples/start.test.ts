/**
 * `npm start`, as a newcomer sees it in a terminal: every line that it prints is run, in a shell, with `curl`.
 */
import { execFile, execFileSync } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { runExample } from './run-example.ts'

const run = promisify(execFile)
const MARK = '-- next --'
const isCurlThere = canRun('curl', ['--version'])

interface Scene {
  readonly title: string
  readonly status: number
  readonly command: string
}

/** Each `# title -> status` line, with the command below it. */
function readScenes(output: string): Scene[] {
  const found = output.matchAll(/^# (.+) -> (\d+)\n((?:.*\\\n)?.*)$/gm)
  return [...found].map(([, title = '', status, command = '']) => {
    return { title, status: Number(status), command }
  })
}

/** Runs all commands in one shell, as somebody would who pastes them. Returns what each has printed. */
async function paste(first: string, scenes: readonly Scene[]): Promise<string[]> {
  const lines = scenes.flatMap(({ command }) => [`printf '%s' '${MARK}'`, command])
  const { stdout } = await run('sh', ['-c', [first, ...lines].join('\n')])
  return stdout.split(MARK).slice(1)
}

const statusOf = (printed: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(printed)?.[1])

test.skipIf(!isCurlThere)(
  'prints commands that get the responses it says, and ends immediately on Ctrl-C',
  async () => {
    const start = runExample('start.ts')
    await start.printed('Ctrl-C ends it.')
    const output = start.output()
    const scenes = readScenes(output)
    const [first = ''] = /^TOKEN=.*$/m.exec(output) ?? []

    const printed = await paste(first, scenes)
    start.process.kill('SIGINT')
    const code = await start.exited

    expect(scenes).toHaveLength(14)
    expect(printed.map((one, at) => [scenes[at]?.title, statusOf(one)])).toEqual(
      scenes.map(({ title, status }) => [title, status]),
    )
    expect(printed[1]).toContain('"username":"ada"')
    expect(printed[6]).toMatch(/error="insufficient_scope".*, scope="orders\/read"/)
    expect(printed[8]).toMatch(/access-control-allow-headers: Authorization/i)
    expect(start.output()).toContain('API Gateway: GET /profile -> 401 ERR_TOKEN_EXPIRED')
    expect(code).toBe(0)
  },
  30_000,
)

test('fits on one screen, and contains the token command once', async () => {
  const start = runExample('start.ts')
  await start.printed('Ctrl-C ends it.')
  const lines = start
    .output()
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('Ports taken'))

  expect(lines.length).toBeGreaterThanOrEqual(24)
  expect(lines.length).toBeLessThanOrEqual(40)
  expect(lines.filter((line) => line.length > 100)).toEqual([])
  expect(lines.filter((line) => line.startsWith('TOKEN='))).toHaveLength(1)
}, 30_000)

test('says that a port is in use, and uses the next one', async () => {
  await block(3000)
  const start = runExample('start.ts')

  await start.printed('Ctrl-C ends it.')
  const [page] = /http:\S+/.exec(start.output()) ?? []

  expect(start.output().match(/^Ports taken: 3000\b.*$/gm)).toHaveLength(1)
  expect((await fetch(page ?? '')).status).toBe(200)
}, 30_000)

test('uses a real user pool if one is named', async () => {
  const start = runExample('start.ts', {
    COGNITO_USER_POOL_ID: 'eu-west-1_Example',
    COGNITO_CLIENT_ID: '1example23456789',
  })

  await start.printed('Ctrl-C ends it.')
  const scenes = readScenes(start.output())
  const urls = scenes
    .filter(({ title }) => title.startsWith('no token'))
    .map(({ command }) => `http://${command.replace('curl -i ', '')}`)
  const answers = await Promise.all(urls.map((url) => fetch(url)))

  expect(start.output()).toContain('# first: an access token of the user pool eu-west-1_Example')
  expect(start.output()).toContain('Authorization: Bearer $TOKEN')
  expect(answers.map(({ status }) => status)).toEqual([401, 401])
}, 30_000)

test.each([
  ['COGNITO_CLIENT_ID', { COGNITO_USER_POOL_ID: 'eu-west-1_Example' }],
  ['COGNITO_USER_POOL_ID', { COGNITO_CLIENT_ID: '1example23456789' }],
])(
  'says that %s is missing if only the other variable is set',
  async (name, env) => {
    const start = runExample('start.ts', env as Record<string, string>)

    expect(await start.exited).toBe(1)
    expect(start.output()).toBe(
      `"${name}" is not set. Set both variables to use your user pool, or neither.\n`,
    )
  },
  30_000,
)

/** Occupies a port until the test ends. If something else uses it already, that is as good. */
async function block(port: number): Promise<void> {
  const blocker: Server = createServer()
  onTestFinished(() => void blocker.close())
  await new Promise<void>((resolve) => {
    blocker.once('error', () => resolve())
    blocker.listen(port, '127.0.0.1', () => resolve())
  })
}

function canRun(file: string, args: string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
