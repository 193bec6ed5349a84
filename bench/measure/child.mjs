/**
 * Separate processes, so that no contender is affected by the leftovers of another. A child gets one JSON argument, and prints
 * its figures as JSON.
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Runs a file to its end, and returns its output. */
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

/** The argument of this process. */
export function readInput() {
  return JSON.parse(process.argv[2])
}

/** Prints the figures of this process. */
export function printOutput(figures) {
  process.stdout.write(JSON.stringify(figures))
}

/** In a long-running file: reports that it is ready, and replies to each message with the result of `work`. */
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

/** Starts a long-running file that replies to messages, one at a time. */
export async function startChild(file, input, { nodeArguments = [], env = {} } = {}) {
  const path = fileURLToPath(file)
  const child = fork(path, [JSON.stringify(input)], {
    execArgv: nodeArguments,
    env: { ...process.env, NODE_ENV: 'production', ...env },
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
