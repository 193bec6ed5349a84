/**
 * Shows each request that a verifier sends, as it happens. The verifier's own HTTP client is used, so that what works here works in
 * production: Node tells of its requests on diagnostics channels.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { escapeText } from '../../terminal/escape.ts'
import { isJwtGateError } from '../../verify/index.ts'
import type { Io } from '../io.ts'
import type { Progress } from './progress.ts'

/** A request that was answered. */
export interface SeenRequest {
  readonly url: string
  readonly status: number
  /** How much this machine's clock is ahead of the server's, in seconds, if the response says it. */
  readonly clockAheadSeconds: number | undefined
}

const START = 'http.client.request.start'
const FINISH = 'http.client.response.finish'

/** The requests so far, and a function that stops the observation. */
export interface RequestLog {
  readonly seen: readonly SeenRequest[]
  /** Replaces the client of a verifier, if the command was given one. */
  readonly fetch: typeof globalThis.fetch | undefined
  stop(): void
}

export function observeRequests(io: Io, progress: Progress): RequestLog {
  const seen: SeenRequest[] = []
  const finish = (url: string, status: number, header: (name: string) => unknown): void => {
    seen.push({ url, status, clockAheadSeconds: compareClocks(header, io.now()) })
    const line = `GET ${url}: ${status}`
    if (status === 200) progress.pass(line)
    else progress.fail(line)
  }
  const onStart = (message: unknown): void => {
    const { request } = message as { request: ClientRequest }
    progress.begin(`GET ${urlOf(request)}`)
    request.once('error', (error) => progress.fail(`GET ${urlOf(request)}: ${nameOf(error)}`))
  }
  const onFinish = (message: unknown): void => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage }
    finish(urlOf(request), response.statusCode ?? 0, (name) => response.headers[name])
  }
  subscribe(START, onStart)
  subscribe(FINISH, onFinish)
  const { verifierFetch } = io
  return {
    seen,
    fetch: verifierFetch && toObserved(verifierFetch, progress, finish),
    stop: () => {
      unsubscribe(START, onStart)
      unsubscribe(FINISH, onFinish)
    },
  }
}

type Finish = (url: string, status: number, header: (name: string) => unknown) => void

function toObserved(
  fetch: typeof globalThis.fetch,
  progress: Progress,
  finish: Finish,
): typeof globalThis.fetch {
  return async (input, init) => {
    const url = toShown(String(input))
    progress.begin(`GET ${url}`)
    const response = await fetch(input, init).catch((error: unknown) => {
      progress.fail(`GET ${url}: ${nameOf(error)}`)
      throw error
    })
    finish(url, response.status, (name) => response.headers.get(name) ?? undefined)
    return response
  }
}

/** The code of an error of the network. The verifier ends a request when its time is over. */
function nameOf(error: unknown): string {
  const { code, cause } = Object(error) as { code?: unknown; cause?: { code?: unknown } }
  const name = code ?? cause?.code
  return typeof name === 'string' && !isJwtGateError(error) ? escapeText(name) : 'no answer'
}

function urlOf(request: ClientRequest): string {
  return toShown(`${request.protocol}//${request.getHeader('host')}${request.path}`)
}

/** A query may contain a secret. */
function toShown(url: string): string {
  return escapeText(url.replace(/\?.*/s, '?…'))
}

/** RFC 9110 s6.6.1, and RFC 9111 s5.1: a cached response is as old as `Age` says. */
function compareClocks(header: (name: string) => unknown, nowMs: number): number | undefined {
  const sentMs = Date.parse(String(header('date')))
  if (Number.isNaN(sentMs)) return undefined
  const ageSeconds = Number(header('age') ?? 0)
  const seconds = Math.round((nowMs - sentMs) / 1_000 - ageSeconds)
  return Number.isNaN(seconds) ? undefined : seconds
}
