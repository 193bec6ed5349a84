/**
 * Processes of their own, so that no contender runs in what another one left behind. A child is told what to do by one
 * JSON argument, and prints its figures as JSON.
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Runs a file to its end, and answers what it printed. */
export async function runChild(file, input, { nodeArguments = [] } = {}) {
  const path = fileURLToPath(file)
  const child = spawn(process.execPath, [...nodeArguments, path, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const parts = []
  child.stdout.on('data', (part) => parts.push(part))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${path} failed for ${JSON.stringify(input)}`)
  return JSON.parse(Buffer.concat(parts).toString())
}

/** What this process was told. */
export function readInput() {
  return JSON.parse(process.argv[2])
}

/** Prints the figures of this process. */
export function printOutput(figures) {
  process.stdout.write(JSON.stringify(figures))
}

/** In a file that stays: tells that it is ready, and answers each message with what `work` makes of it. */
export function answerMessages(ready, work) {
  process.on('message', async (message) => {
    try {
      process.send(await work(message))
    } catch (error) {
      process.send({ error: error.message })
    }
  })
  process.on('disconnect', () => process.exit())
  process.send(ready)
}

/** Starts a file that stays and answers messages, one at a time. */
export async function startChild(file, input, { nodeArguments = [] } = {}) {
  const path = fileURLToPath(file)
  const child = fork(path, [JSON.stringify(input)], {
    execArgv: nodeArguments,
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const exit = once(child, 'exit')
  const failure = exit.then(([code]) => {
    throw new Error(`${path} ended with ${code}`)
  })
  failure.catch(() => undefined)
  const receive = async () => {
    const [message] = await Promise.race([once(child, 'message'), failure])
    if (message.error) throw new Error(message.error)
    return message
  }
  return {
    ready: await receive(),
    ask: (message) => {
      child.send(message)
      return receive()
    },
    stop: async () => {
      child.kill()
      await exit
    },
  }
}
