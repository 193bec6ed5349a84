/**
 * A Redis server of the test's own, on a free port of loopback, with its data in a temporary folder.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** Why no server can be started here; `false` if one can. */
export const isRedisMissing =
  spawnSync('redis-server', ['--version']).status !== 0 && 'redis-server is not installed'

/** @param extra - arguments of redis-server */
export async function startRedis(extra = []) {
  const folder = mkdtempSync(join(tmpdir(), 'jwt-gate-redis-'))
  const port = await findFreePort()
  let child = await start(port, folder, extra)
  // the server must not outlive a test that crashes
  const onExit = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', onExit)
  const end = async (signal) => {
    const exited = child.exitCode === null && child.signalCode === null && once(child, 'exit')
    child.kill(signal)
    await exited
  }
  return {
    port,
    /** The CPU time that the server has used, in µs. */
    readCpu: () => readCpu(child.pid),
    kill: () => end('SIGKILL'),
    /** Starts it again, with its data. */
    restart: async () => {
      child = await start(port, folder, extra)
    },
    stop: async () => {
      process.off('exit', onExit)
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function start(port, folder, extra) {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  const durable = ['--save', '', '--appendonly', 'yes']
  const child = spawn('redis-server', [...args, ...durable, ...extra], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  await new Promise((resolve, reject) => {
    const take = (chunk) => {
      output += chunk
      if (output.includes('Ready to accept connections')) resolve()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`redis-server ended:\n${output}`)))
  })
  return child
}

/** By the kernel's accounting, in hundredths of a second. */
function readCpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await once(server.close(), 'close')
  return port
}
