/**
 * serverless-offline with the built authorizer: started once, called by a test, stopped.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { unzipAuthorizer } from '../support/authorizer-zip.mjs'
import { createFolder } from '../support/folder.mjs'
import { findFreePorts } from '../support/free-ports.mjs'
import { startProgram } from '../support/program.mjs'
import { APIS } from './apis.mjs'
import { callHttp, callWebSocket } from './call.mjs'
import { toService } from './service.mjs'

const FRAMEWORK = createRequire(import.meta.url).resolve('serverless/bin/serverless.js')
const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  SLS_TELEMETRY_DISABLED: '1',
  SLS_TRACKING_DISABLED: '1',
  SLS_NOTIFICATIONS_MODE: 'off',
}

/**
 * Starts every kind of API.
 * @param env - the trusted issuer, as the authorizer's environment variables
 * @param rule - the rule for `/admin`, or for a connection
 */
export async function startGateway({ env, rule }) {
  const folder = createFolder('gateway')
  const [httpPort, websocketPort, lambdaPort] = await findFreePorts(3)
  const files = { AUTHORIZER: unzipAuthorizer(folder), RECORDS: join(folder, 'records.ndjson') }
  writeService(folder, {
    env: { ...env, ...files },
    rule,
    ports: { httpPort, websocketPort, lambdaPort },
  })
  const stop = await startProgram(FRAMEWORK, {
    args: ['offline', 'start'],
    cwd: folder,
    env: ENVIRONMENT,
    printed: 'Server ready:',
  })
  return { call: toCall(files.RECORDS, { httpPort, websocketPort }), stop }
}

function writeService(folder, settings) {
  for (const name of ['api', 'recorder']) {
    const source = import.meta.resolve(`./${name}.mjs`)
    writeFileSync(join(folder, `${name}.mjs`), `export * from ${JSON.stringify(source)}\n`)
  }
  writeFileSync(join(folder, 'serverless.json'), JSON.stringify(toService(settings)))
}

/** Calls an API, and returns the result. One call at a time, because the records would be mixed up. */
function toCall(records, { httpPort, websocketPort }) {
  return async (api, { route, token }) => {
    const before = readRecords(records).length
    const { status, claims } =
      APIS[api].kind === 'websocket'
        ? await callWebSocket(websocketPort, token)
        : await callHttp(httpPort, toPath(api, route), token)
    const record = readRecords(records)[before]
    return { status: toStatusOnAws(status, record), claims, events: toEvents(record) }
  }
}

/** REST APIs have the stage in their paths. */
function toPath(api, route) {
  return APIS[api].kind === 'http' ? `/dev/${api}/${route}` : `/${api}/${route}`
}

function readRecords(file) {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

/**
 * The status that AWS documents. In serverless-offline, any error of a REST or HTTP API's authorizer is a 401, and any error of a
 * WebSocket API's is a 500. API Gateway responds to `Unauthorized` with 401, and to anything else with 500.
 */
function toStatusOnAws(status, record) {
  if (record?.thrown === undefined) return status
  return record.thrown === 'Unauthorized' ? 401 : 500
}

/** The log of the authorizer, or nothing if the API did not call it. */
function toEvents(record) {
  return (record?.logged ?? [])
    .filter(({ type }) => type.startsWith('authorizer.'))
    .map(({ type, gateway, code }) => ({ type, gateway, code }))
}
