/**
 * What happened, for the page and the terminal: the way of each request, and a log. It holds no token; only why one was refused may
 * quote a claim of it, for the developer's own browser.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { isJwtGateError, type Verifier } from 'jwt-gate'
import { explainer, type RefusalExplainer } from 'jwt-gate/explain'

/** The stations of a request, on each of the two ways. */
export const STATIONS = {
  express: ['Express', 'requireJwt', 'verifier', 'requireAccess', 'route'],
  gateway: ['API Gateway', 'authorizer', 'verifier', 'policy', 'handler'],
} as const

export type Surface = keyof typeof STATIONS

export interface Step {
  /** `'failed'`: nobody can tell whether the token is good. */
  readonly outcome: 'passed' | 'refused' | 'failed'
  readonly note: string
}

/** A request. The steps are those of the stations that it has come to. */
export interface RequestTrace {
  readonly id: number
  /** Of the demo's clock, in milliseconds. */
  readonly at: number
  readonly surface: Surface
  readonly method: string
  readonly path: string
  readonly steps: readonly Step[]
  readonly status?: number
  /** The likeliest cause, as the option `explain` of the API prints it. */
  readonly why?: { readonly title: string; readonly advice: string }
}

export interface LogEntry {
  /** Of the demo's clock. */
  readonly at: number
  /** Of the real clock, for the order. */
  readonly realAt: number
  readonly kind: 'action' | 'keys'
  readonly text: string
}

type Running = { -readonly [Name in keyof RequestTrace]: RequestTrace[Name] } & { steps: Step[] }

const MAX_KEPT = 40
const MAX_PATH_LENGTH = 60

interface Events {
  request: [RequestTrace]
  log: [LogEntry]
  change: []
}

/** Emits `request` for each step of a request, `log`, and `change` when the state of the demo has changed. */
export class Trace extends EventEmitter<Events> {
  readonly #now: () => number
  readonly #current = new AsyncLocalStorage<Running>()
  readonly #requests: RequestTrace[] = []
  readonly #log: LogEntry[] = []
  #lastId = 0

  constructor(now: () => number) {
    super()
    this.setMaxListeners(0)
    this.#now = now
  }

  get requests(): readonly RequestTrace[] {
    return this.#requests
  }

  get entries(): readonly LogEntry[] {
    return this.#log
  }

  /** Follows one request. */
  follow<T>(surface: Surface, request: IncomingMessage, handle: () => T): T {
    const { method = 'GET', url = '/' } = request
    const path = url.replace(/\?.*|[^\x21-\x7e]/g, '').slice(0, MAX_PATH_LENGTH)
    const running = { id: ++this.#lastId, at: this.#now(), surface, method, path, steps: [] }
    keep(this.#requests, running)
    return this.#current.run(running, handle)
  }

  /** The ID of the request that is handled, as text. */
  get currentId(): string {
    return String(this.#current.getStore()?.id)
  }

  /** For the option `explain`: takes what would be printed to the terminal. */
  explainer<Claims>(verifier: Verifier<Claims>): RefusalExplainer {
    const write = (text: string): void => this.#explain(text)
    return explainer(verifier, { stream: { write }, env: {}, color: false })
  }

  pass(note: string): void {
    this.#step({ outcome: 'passed', note })
  }

  /** The request ends here. Only the first station that stops it counts. */
  stop(error: unknown): void {
    const running = this.#current.getStore()
    if (running === undefined || running.steps.some(({ outcome }) => outcome !== 'passed')) return
    this.#step(toStop(error))
  }

  end(status: number): void {
    const running = this.#current.getStore()
    if (running === undefined) return
    running.status = status
    this.emit('request', running)
  }

  log(kind: LogEntry['kind'], text: string): void {
    const entry = { at: this.#now(), realAt: Date.now(), kind, text }
    keep(this.#log, entry)
    this.emit('log', entry)
  }

  #explain(text: string): void {
    const running = this.#current.getStore()
    const [, title, advice] = /^1\. (.+)\n {3}(.+)$/m.exec(text) ?? []
    if (running === undefined || title === undefined || advice === undefined) return
    running.why = { title, advice }
    this.emit('request', running)
  }

  #step(step: Step): void {
    const running = this.#current.getStore()
    if (running === undefined) return
    running.steps.push(step)
    this.emit('request', running)
  }
}

/** A verifier that tells the trace of each call. */
export function traced<Claims>(verifier: Verifier<Claims>, trace: Trace): Verifier<Claims> {
  const verify: typeof verifier.verify = async (token, presented) => {
    trace.pass(`found a ${presented?.scheme ?? 'Bearer'} token`)
    try {
      const verified = await verifier.verify(token, presented)
      trace.pass('every check passed')
      return verified
    } catch (error) {
      trace.stop(error)
      throw error
    }
  }
  return { ...verifier, verify }
}

function toStop(error: unknown): Step {
  if (typeof error === 'string') return { outcome: 'refused', note: error }
  if (!isJwtGateError(error)) return { outcome: 'failed', note: 'an error of another kind' }
  const { code, status } = error as typeof error & { status: number }
  return { outcome: status < 500 ? 'refused' : 'failed', note: code }
}

function keep<T>(list: T[], one: T): void {
  list.push(one)
  if (list.length > MAX_KEPT) list.shift()
}
