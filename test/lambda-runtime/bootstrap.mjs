/**
 * Runs a handler like AWS Lambda's Node runtime: loads it in the init phase, as an ES module or with `require()`, then gets one
 * event after the other from the Runtime API. The test that started it can move its clock.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const { AWS_LAMBDA_RUNTIME_API, AWS_LAMBDA_MAX_CONCURRENCY, LAMBDA_TASK_ROOT, _HANDLER } =
  process.env
const API = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`

const realNow = Date.now
let offsetMs = 0
Date.now = () => realNow() + offsetMs
process.on('message', (ms) => {
  offsetMs += ms
  process.send('moved')
})

try {
  const handler = await load()
  for (let n = 0; n < Number(AWS_LAMBDA_MAX_CONCURRENCY); n++) void serve(handler)
} catch (error) {
  await post('init/error', toLambdaError(error))
  process.exit(1)
}

async function load() {
  const [file, name] = _HANDLER.split('.')
  const module = join(LAMBDA_TASK_ROOT, `${file}.mjs`)
  const exported = existsSync(module)
    ? await import(pathToFileURL(module).href)
    : createRequire(module)(`./${file}.cjs`)
  const handler = exported[name]
  if (typeof handler !== 'function') throw new Error(`${_HANDLER} is not a function`)
  // as nodejs24.x does
  if (handler.length >= 3) throw new Error(`${_HANDLER} wants a callback`)
  return handler
}

async function serve(handler) {
  for (;;) {
    const next = await fetch(`${API}/invocation/next`)
    const id = next.headers.get('lambda-runtime-aws-request-id')
    try {
      const result = await handler(await next.json(), { awsRequestId: id })
      await post(`invocation/${id}/response`, result ?? null)
    } catch (error) {
      await post(`invocation/${id}/error`, toLambdaError(error))
    }
  }
}

async function post(path, body) {
  await fetch(`${API}/${path}`, { method: 'POST', body: JSON.stringify(body) })
}

function toLambdaError(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) }
  return { errorType: error.name, errorMessage: error.message }
}
