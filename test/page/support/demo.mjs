/**
 * `npm start` in a process of its own.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const NAMES = ['page', 'express', 'gateway', 'issuer', 'signIn']

/** Starts it, and reads from its output where everything listens. */
export async function startDemo(env = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'examples/start.ts'], {
    cwd: root,
    env: { ...process.env, COGNITO_USER_POOL_ID: '', COGNITO_CLIENT_ID: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  process.once('exit', () => child.kill('SIGKILL'))
  const output = await readUntil(child, 'Ctrl-C ends it.')
  const places = [...output.matchAll(/^ {2}(http:\S+)/gm)].map(([, origin]) => origin)
  const origins = Object.fromEntries(NAMES.map((name, at) => [name, places[at]]))
  return {
    origins,
    act: (action) => post(`${origins.page}/demo`, action),
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

function readUntil(child, wanted) {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      if (text.includes(wanted)) resolve(text)
    })
    child.once('exit', () => reject(new Error(`It ended before "${wanted}": ${text}`)))
  })
}

async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`The demo answered ${response.status}`)
}
