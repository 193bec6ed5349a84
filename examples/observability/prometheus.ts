/**
 * Metrics with prom-client. No label has a value that a client can choose, so their number is bounded.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { listen } from './channels.ts'

/** Counts until the returned function is called. */
export function measureWithPrometheus(registry: Registry): () => void {
  const registers = [registry]
  const verifications = new Counter({
    name: 'jwt_gate_verifications_total',
    help: 'Tokens that were verified, by outcome and error code',
    labelNames: ['outcome', 'code', 'cached'],
    registers,
  })
  const durations = new Histogram({
    name: 'jwt_gate_verification_seconds',
    help: 'Duration of a verification, including a fetch of keys',
    labelNames: ['cached'],
    buckets: [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 5],
    registers,
  })
  const rejected = new Counter({
    name: 'jwt_gate_requests_rejected_total',
    help: 'Requests that were rejected, by error code and route',
    labelNames: ['type', 'code', 'route'],
    registers,
  })
  const { observeKeys } = createKeyMetrics(registers)
  return listen({
    onVerify: ({ outcome, code = '', cached, durationMs }) => {
      verifications.inc({ outcome, code, cached: String(cached) })
      durations.observe({ cached: String(cached) }, durationMs / 1_000)
    },
    onKeys: observeKeys,
    onRequest: (event) => {
      if (!('error' in event)) return
      const { code } = (event.error ?? {}) as { code?: unknown }
      const { type, route = '' } = event
      rejected.inc({ type, code: isOurs(code) ? code : 'other', route })
    },
  })
}

/** An error of your own may have any text as its code. */
function isOurs(code: unknown): code is string {
  return typeof code === 'string' && code.startsWith('ERR_')
}

function createKeyMetrics(registers: Registry[]) {
  const fetches = new Histogram({
    name: 'jwt_gate_key_fetch_seconds',
    help: 'Duration of a key fetch',
    labelNames: ['issuer', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  })
  const fetchedAt = new Gauge({
    name: 'jwt_gate_keys_fetched_timestamp_seconds',
    help: 'When the keys in use were fetched: their age is time() minus this',
    labelNames: ['issuer'],
    registers,
  })
  const keys = new Gauge({
    name: 'jwt_gate_keys',
    help: 'Keys of the last set, by whether they can be used',
    labelNames: ['issuer', 'state'],
    registers,
  })
  const observeKeys: Parameters<typeof listen>[0]['onKeys'] = (event) => {
    if (event.type !== 'jwks.fetched' && event.type !== 'jwks.failed') return
    const { issuer, durationMs, type } = event
    const outcome = type === 'jwks.fetched' ? 'fetched' : 'failed'
    fetches.observe({ issuer, outcome }, durationMs / 1_000)
    if (type !== 'jwks.fetched') return
    fetchedAt.set({ issuer }, (Date.now() - durationMs) / 1_000)
    keys.set({ issuer, state: 'usable' }, event.keys)
    keys.set({ issuer, state: 'unusable' }, event.unusable)
  }
  return { observeKeys }
}
