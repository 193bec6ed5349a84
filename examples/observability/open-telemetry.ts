/**
 * OpenTelemetry: metrics, and attributes of the span in which a token is verified. Needs `@opentelemetry/api` alone; the SDK of
 * the application exports them.
 */
import { type Meter, trace } from '@opentelemetry/api'
import type { VerifyEvent } from 'jwt-gate'
import { listen } from './channels.ts'

/** Measures until the returned function is called. */
export function measureWithOpenTelemetry(meter: Meter): () => void {
  const verifications = meter.createCounter('jwt_gate.verifications')
  const durations = meter.createHistogram('jwt_gate.verification.duration', { unit: 's' })
  const rejected = meter.createCounter('jwt_gate.requests.rejected')
  const fetches = meter.createHistogram('jwt_gate.key_fetch.duration', { unit: 's' })
  const ages = meter.createObservableGauge('jwt_gate.keys.age', { unit: 's' })
  const fetchedAt = new Map<string, number>()
  ages.addCallback((gauge) => {
    for (const [issuer, at] of fetchedAt) gauge.observe((Date.now() - at) / 1_000, { issuer })
  })
  return listen({
    onVerify: (event) => {
      const attributes = attributesOf(event)
      verifications.add(1, attributes)
      durations.record(event.durationMs / 1_000, { 'jwt_gate.cached': event.cached })
      trace.getActiveSpan()?.setAttributes(attributes)
    },
    onKeys: (event) => {
      if (event.type !== 'jwks.fetched' && event.type !== 'jwks.failed') return
      const { type, issuer, durationMs } = event
      fetches.record(durationMs / 1_000, { issuer, outcome: type })
      if (type === 'jwks.fetched') fetchedAt.set(issuer, Date.now() - durationMs)
    },
    onRequest: ({ type, route = '' }) => rejected.add(1, { type, route }),
  })
}

function attributesOf({ outcome, code, issuer, cached }: VerifyEvent) {
  return {
    'jwt_gate.outcome': outcome,
    'jwt_gate.cached': cached,
    ...(code !== undefined && { 'jwt_gate.code': code }),
    ...(issuer !== undefined && { 'jwt_gate.issuer': issuer }),
  }
}
