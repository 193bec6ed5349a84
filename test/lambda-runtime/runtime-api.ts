/**
 * Lambda's Runtime API on loopback: passes events to a runtime, and receives the results of its handler.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { createGate } from '../verify/support/key-endpoint.ts'

/** What Lambda gets of an error. */
export interface LambdaError {
  readonly errorType: string
  readonly errorMessage: string
}

/** The result of a handler, or its error. */
export type Outcome = { readonly result: unknown } | { readonly error: LambdaError }

/** One invocation. */
export interface Call {
  /** Resolves when the runtime has the event. */
  readonly delivered: Promise<void>
  readonly outcome: Promise<Outcome>
}

export interface RuntimeApi {
  /** For `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string
  /** Resolves when the init phase is over, with its error if it failed. */
  readonly init: Promise<LambdaError | undefined>
  readonly call: (event: unknown) => Call
  readonly close: () => void
}

const PATH =
  /^\/2018-06-01\/runtime\/(init|invocation)\/(?:(next|error)|([\w-]+)\/(response|error))$/

/** Serves one runtime. */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const init = createGate<LambdaError | undefined>()
  const events: ((response: ServerResponse) => void)[] = []
  const polls: ServerResponse[] = []
  const open = new Map<string, (outcome: Outcome) => void>()
  const deliver = (): void => {
    while (events.length > 0 && polls.length > 0) events.shift()?.(polls.shift() as ServerResponse)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, phase, verb, id = '', kind] = PATH.exec(request.url ?? '') ?? []
    if (verb === 'next') {
      init.resolve(undefined)
      polls.push(response)
      return deliver()
    }
    const body = await json(request)
    response.writeHead(phase ? 202 : 404).end()
    if (phase === 'init') init.resolve(body as LambdaError)
    else open.get(id)?.(kind === 'error' ? { error: body as LambdaError } : { result: body })
    open.delete(id)
  }

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    init: init.promise,
    call: (event) => {
      const id = randomUUID()
      const [delivered, outcome] = [createGate<void>(), createGate<Outcome>()]
      open.set(id, outcome.resolve)
      events.push((response) => {
        response.setHeader('lambda-runtime-aws-request-id', id)
        response.end(JSON.stringify(event), () => delivered.resolve())
      })
      deliver()
      return { delivered: delivered.promise, outcome: outcome.promise }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
