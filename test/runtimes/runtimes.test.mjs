/**
 * docs/runtimes.md: the built package in Bun, Deno and workerd.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { createServer as createTcpServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import { build } from 'esbuild'
import { createTestIssuer } from 'jwt-gate/testing'
import { EXPECTED as USES } from '../consumers/projects/entries/expected.mjs'

const ROOT = resolve(import.meta.dirname, '../..')
const FOLDER = join(import.meta.dirname, '.blocks')
const text = readFileSync(join(ROOT, 'docs/runtimes.md'), 'utf8')
mkdirSync(FOLDER, { recursive: true })
for (const [, name, code] of text.matchAll(/^<!-- (\S+\.ts) -->\n```ts\n([\s\S]*?)^```/gm)) {
  writeFileSync(join(FOLDER, name), code)
}
after(() => rmSync(FOLDER, { recursive: true, force: true }))

const { resolve: find } = createRequire(import.meta.url)
const folderOf = (name) => dirname(find(`${name}/package.json`))
const bun = join(folderOf('bun'), 'bin/bun.exe')
const deno = join(folderOf('deno'), 'deno')
const workerd = join(folderOf('workerd'), 'bin/workerd')

const closing = []
after(() => {
  for (const close of closing) close()
})

function start(program, args, env = {}) {
  const { NODE_TEST_CONTEXT, ...own } = process.env
  const child = spawn(program, args, { cwd: import.meta.dirname, env: { ...own, ...env } })
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output.text += chunk
    })
  }
  closing.push(() => child.kill())
  return { child, output }
}

async function freePort() {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** An issuer that counts how often its keys are fetched, and can hold its responses. */
async function startIssuer() {
  const issuer = await createTestIssuer()
  const state = { fetches: 0, held: undefined }
  const server = createServer(async (request, response) => {
    const isKeys = request.url === '/jwks'
    if (isKeys) state.fetches++
    await state.held
    const keys = await (await issuer.fetch(issuer.jwksUri)).text()
    response.end(isKeys ? keys : JSON.stringify({ issuer: iss, jwks_uri: `${iss}/jwks` }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const iss = `http://127.0.0.1:${server.address().port}`
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const sign = (claims) =>
    issuer.token({
      iss,
      aud: 'https://api.example.com',
      sub: 'alice',
      exp: Math.floor(Date.now() / 1000) + 86_400,
      ...claims,
    })
  return { iss, sign, state, rotate: () => issuer.rotateKeys() }
}

/** Waits until the server responds, and returns a function that asks it. */
async function toAsk(port, output) {
  const ask = (token, headers = {}) =>
    fetch(`http://127.0.0.1:${port}/`, {
      headers: {
        connection: 'close',
        ...headers,
        ...(token && { authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.timeout(15_000),
    })
  for (let attempt = 0; ; attempt++) {
    try {
      await ask()
      return ask
    } catch {
      assert.ok(attempt < 200, output.text)
      await new Promise((done) => setTimeout(done, 50))
    }
  }
}

const EXPECTED = {
  good: ['alice', 'alice'],
  sync: 'alice',
  fetches: 1,
  forged: 'ERR_TOKEN_SIGNATURE',
  expired: 'ERR_TOKEN_EXPIRED',
  rotated: 'alice',
  outage: 'ERR_JWKS_UNAVAILABLE network',
  allowed: 200,
  address: '127.0.0.1',
  refused: 'ERR_JWKS_INVALID invalid',
  large: 'ERR_JWKS_INVALID too_large',
  redirect: 302,
  timeout: 'ERR_JWKS_UNAVAILABLE timeout',
}

describe('the whole path of a token', () => {
  for (const [name, program, args] of [
    ['Node', process.execPath, []],
    ['Bun', bun, []],
    ['Deno', deno, ['run', '--allow-all']],
  ]) {
    test(name, async () => {
      const { child, output } = start(program, [...args, 'app.mjs'])
      await once(child, 'close')
      assert.match(output.text, /^\{.*\}\s*$/)
      assert.deepEqual(JSON.parse(output.text), EXPECTED)
    })
  }
})

describe('every entry, with express', () => {
  const folder = join(FOLDER, 'entries')
  cpSync(join(ROOT, 'test/consumers/projects/entries'), folder, { recursive: true })
  for (const [name, program, args] of [
    ['Bun', bun, []],
    ['Deno', deno, ['run', '--allow-all']],
  ]) {
    for (const [kind, script] of [
      ['ES modules', 'import.mjs'],
      ['CommonJS', 'require.cjs'],
    ]) {
      test(`${name}, as ${kind}`, async () => {
        const entries = Object.keys(USES)
        const { child, output } = start(program, [...args, join(folder, script), ...entries])
        await once(child, 'close')
        assert.match(output.text, /^\{.*\}\s*$/)
        assert.deepEqual(JSON.parse(output.text), USES)
      })
    }
  }
})

describe('server.ts', () => {
  const server = '.blocks/server.ts'
  for (const [name, program, toArgs] of [
    ['bun', bun, () => [server]],
    [
      'deno serve',
      deno,
      (port) => [
        ...['serve', '--allow-net=127.0.0.1', '--allow-env=OIDC_ISSUER'],
        ...['--host', '127.0.0.1', '--port', String(port), server],
      ],
    ],
  ]) {
    test(`${name}: what each kind of token gets, and one fetch of the keys`, async () => {
      const { iss, sign, state } = await startIssuer()
      const port = await freePort()
      const { output } = start(program, toArgs(port), { OIDC_ISSUER: iss, BUN_PORT: String(port) })
      const ask = await toAsk(port, output)
      const token = await sign()
      const good = await ask(token)
      const statuses = [(await ask(token)).status, (await ask(await sign({ exp: 1 }))).status]
      const none = await ask()

      assert.deepEqual(await good.json(), { sub: 'alice' })
      assert.deepEqual(statuses, [200, 401])
      assert.equal(none.headers.get('www-authenticate'), 'Bearer realm="api"')
      assert.equal(state.fetches, 1)
    })
  }
})

/** Starts workerd with a worker. The header `x-later` is how many seconds its clock is ahead. */
async function startWorker(iss, change = (code) => code) {
  const name = `worker-${await freePort()}`
  const code = readFileSync(join(FOLDER, 'worker.ts'), 'utf8')
  const withClock = code.replace('{ fetch }', '{ fetch, now: () => Date.now() + globalThis.later }')
  assert.notEqual(withClock, code)
  writeFileSync(join(FOLDER, `${name}.ts`), change(withClock))
  writeFileSync(
    join(FOLDER, `${name}.main.ts`),
    `import worker from './${name}.ts'
    export default { fetch(request, env, context) {
      globalThis.later = 1000 * Number(request.headers.get('x-later') ?? 0)
      return worker.fetch(request, env, context)
    } }`,
  )
  await build({
    entryPoints: [join(FOLDER, `${name}.main.ts`)],
    outfile: join(FOLDER, `${name}.mjs`),
    bundle: true,
    format: 'esm',
    external: ['node:*'],
    logLevel: 'silent',
  })
  const port = await freePort()
  writeFileSync(
    join(FOLDER, `${name}.capnp`),
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "main", worker = .worker),
        (name = "network", network = (allow = ["private", "public"])),
      ],
      sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
    );
    const worker :Workerd.Worker = (
      modules = [(name = "main.mjs", esModule = embed "${name}.mjs")],
      bindings = [(name = "OIDC_ISSUER", text = "${iss}")],
      compatibilityDate = "2026-11-01",
      globalOutbound = "network",
    );`,
  )
  const { output } = start(workerd, ['serve', join(FOLDER, `${name}.capnp`)])
  return toAsk(port, output)
}

describe('worker.ts', () => {
  test('what each kind of token gets, and one fetch of the keys for requests at once', async () => {
    const { iss, sign, state, rotate } = await startIssuer()
    const ask = await startWorker(iss)
    const token = await sign()
    const all = await Promise.all(Array.from({ length: 5 }, () => ask(token)))
    assert.deepEqual(await all[0].json(), { sub: 'alice' })
    assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]))
    assert.equal(state.fetches, 1)
    assert.equal((await ask(await sign({ exp: 1 }))).status, 401)
    await rotate()
    assert.equal((await ask(await sign())).status, 200)
  })

  /** Asks with the clock this much later each time, and holds the refresh that the second request starts until it has its response. */
  async function askLater({ iss, sign, state }, change) {
    const ask = await startWorker(iss, change)
    const token = await sign()
    const statuses = []
    for (const later of [0, 550, 1900, 4000]) {
      let release
      if (later === 550) {
        state.held = new Promise((done) => {
          release = done
        })
      }
      statuses.push((await ask(token, { 'x-later': String(later) })).status)
      release?.()
    }
    return statuses
  }

  test('a refresh in the background ends', async () => {
    const issuer = await startIssuer()
    assert.deepEqual(await askLater(issuer), [200, 200, 200, 200])
    assert.ok(issuer.state.fetches >= 3)
  })

  test('without waitUntil it never does, and requests that need it fail', async () => {
    const issuer = await startIssuer()
    const without = (code) => code.replace('context.waitUntil(verifier.settled())', '')
    assert.deepEqual(await askLater(issuer, without), [200, 200, 500, 500])
  })

  test('without the option fetch, keys cannot be fetched', async () => {
    const { iss, sign } = await startIssuer()
    const ask = await startWorker(iss, (code) => code.replace('{ fetch, now', '{ now'))
    assert.equal((await ask(await sign())).status, 503)
  })
})
