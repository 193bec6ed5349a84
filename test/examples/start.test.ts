/**
 * `npm start`, as a newcomer sees it: every line that it prints is tried out.
 */
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { runExample } from './run-example.ts'

interface Scene {
  readonly title: string
  readonly url: string
  readonly init: RequestInit
  readonly status: number
}

/** Each `# title -> status` line, with the curl line below it. */
function readScenes(output: string): Scene[] {
  const lines = output.matchAll(
    /^# (.+) -> (\d+)\ncurl -i (\S+)(?: -H "Authorization: (.+)")?(?: -d (\S+))?$/gm,
  )
  return [...lines].map(([, title = '', status, url = '', authorization, body]) => ({
    title,
    url,
    status: Number(status),
    init: {
      headers: {
        ...(authorization && { authorization }),
        ...(body && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body && { method: 'POST', body }),
    },
  }))
}

test('prints requests that get the responses it says, and ends immediately on Ctrl-C', async () => {
  const start = runExample('start.ts')
  await start.printed('Ctrl-C ends it.')
  const scenes = readScenes(start.output())

  const answers = await Promise.all(scenes.map(({ url, init }) => fetch(url, init)))
  const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as {
    scope?: string
    sub?: string
  }[]
  start.process.kill('SIGINT')
  const code = await start.exited

  expect(scenes).toHaveLength(11)
  expect(answers.map((answer, at) => [scenes[at]?.title, answer.status])).toEqual(
    scenes.map(({ title, status }) => [title, status]),
  )
  expect(bodies[1]).toMatchObject({ username: 'alice', token_use: 'access' })
  expect(bodies[6]).toEqual({ sub: bodies[1]?.sub, scope: bodies[1]?.scope })
  expect(start.output()).toContain('"code":"ERR_TOKEN_EXPIRED"')
  expect(code).toBe(0)
}, 30_000)

test('says that a port is in use, and uses the next one', async () => {
  const blocker = createServer()
  // if something else uses the port already, the test works as well
  await new Promise((resolve) => {
    blocker.once('error', resolve)
    blocker.listen(3000, '127.0.0.1', () => resolve(undefined))
  })
  const start = runExample('start.ts')

  await start.printed('Ctrl-C ends it.')
  blocker.close()
  const [first] = readScenes(start.output()).filter(({ title }) => title.startsWith('Express'))

  expect(start.output()).toContain('Port 3000 is taken, trying the next one.')
  expect((await fetch(first?.url ?? '', first?.init)).status).toBe(200)
}, 30_000)

test('uses a real user pool if one is named', async () => {
  const start = runExample('start.ts', {
    COGNITO_USER_POOL_ID: 'eu-west-1_Example',
    COGNITO_CLIENT_ID: '1example23456789',
  })

  await start.printed('Ctrl-C ends it.')
  const scenes = readScenes(start.output())
  const withoutToken = scenes.filter(({ title }) => title.endsWith('no token'))
  const answers = await Promise.all(withoutToken.map(({ url }) => fetch(url)))

  expect(start.output()).toContain('eu-west-1_Example')
  expect(start.output()).toContain('Authorization: Bearer $TOKEN')
  expect(answers.map(({ status }) => status)).toEqual([401, 401])
}, 30_000)
