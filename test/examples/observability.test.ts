/**
 * The examples of examples/observability, with the real packages and their real output.
 */
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import express from 'express'
import { createVerifier } from 'jwt-gate'
import { authErrorHandler, requireJwt } from 'jwt-gate/express'
import { createAuthorizer } from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent, createTestIssuer } from 'jwt-gate/testing'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { printCloudWatchMetrics } from '../../examples/observability/cloudwatch.ts'
import { measureWithOpenTelemetry } from '../../examples/observability/open-telemetry.ts'
import { logWithPino } from '../../examples/observability/pino.ts'
import { measureWithPrometheus } from '../../examples/observability/prometheus.ts'
import { bearer, serve } from '../support/http.ts'
import { createClock } from '../verify/support/clock.ts'

const clock = createClock()
const { now } = clock
const keys = await createTestIssuer({ now })
const { issuer, jwksUri } = keys
const claims = { iss: issuer, exp: clock.seconds() + 36_000 }
const good = await keys.token(claims)
const expired = await keys.token({ iss: issuer, exp: 1 })

function createApi() {
  const verifier = createVerifier({ issuer, audience: null, jwksUri }, { fetch: keys.fetch, now })
  const app = express().get('/orders/:id', requireJwt(verifier), (_req, res) => void res.json({}))
  return { verifier, app: app.use(authErrorHandler({ onError: null })) }
}

/** Three accepted tokens, of which the last one comes from the cache, a rejected one, and then an outage. */
async function cause(): Promise<void> {
  const { verifier, app } = createApi()
  const ask = await serve(app)
  for (const token of [good, good, good, expired]) await ask('/orders/1', bearer(token))
  keys.fail('down')
  clock.advance(1_300_000)
  await verifier.verify(good)
  keys.fail(null)
  clock.advance(-1_300_000)
}

test('pino: a line for each rejected request and each event of the keys, with the reason', async () => {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  onTestFinished(logWithPino(pino({ base: null }, { write })))

  await cause()

  const logged = lines.map((line) => JSON.parse(line))
  expect(logged.map(({ level, msg }) => [level, msg])).toEqual([
    [30, 'jwks.fetched'],
    [30, 'request.refused'],
    [50, 'jwks.failed'],
    [40, 'jwks.stale_served'],
  ])
  expect(logged[1].event).toMatchObject({
    method: 'GET',
    route: '/orders/:id',
    error: { code: 'ERR_TOKEN_EXPIRED', claim: 'exp' },
  })
  expect(logged[2].event).toMatchObject({ issuer, ageMs: 1_300_000, durationMs: 0 })
  expect(lines.join()).not.toContain(expired.split('.')[1])
})

test('prom-client: verifications by outcome, code and cache, fetches, and the age of the keys', async () => {
  const registry = new Registry()
  onTestFinished(measureWithPrometheus(registry))

  await cause()

  const metrics = await registry.metrics()
  const from = `issuer="${issuer}"`
  for (const line of [
    'jwt_gate_verifications_total{outcome="accepted",code="",cached="false"} 2',
    'jwt_gate_verifications_total{outcome="accepted",code="",cached="true"} 2',
    'jwt_gate_verifications_total{outcome="refused",code="ERR_TOKEN_EXPIRED",cached="false"} 1',
    'jwt_gate_verification_seconds_count{cached="true"} 2',
    'jwt_gate_requests_rejected_total{type="request.refused",code="ERR_TOKEN_EXPIRED",route="/orders/:id"} 1',
    `jwt_gate_key_fetch_seconds_count{${from},outcome="fetched"} 1`,
    `jwt_gate_key_fetch_seconds_count{${from},outcome="failed"} 1`,
    `jwt_gate_keys{${from},state="usable"} 2`,
    `jwt_gate_keys{${from},state="unusable"} 0`,
  ]) {
    expect(metrics.split('\n')).toContain(line)
  }
  const [, fetchedAt] = metrics.match(/^jwt_gate_keys_fetched_timestamp_seconds.* (.+)$/m) ?? []
  expect(Math.abs(Date.now() / 1_000 - Number(fetchedAt))).toBeLessThan(60)
})

test('prom-client: an error of your own adds no label of its own', async () => {
  const registry = new Registry()
  onTestFinished(measureWithPrometheus(registry))
  const { verifier } = createApi()
  const getToken = () => {
    throw Object.assign(new Error('no'), { code: good })
  }
  const app = express().get('/', requireJwt(verifier, { getToken }))
  const ask = await serve(
    app.use(((_error, _req, res, _next) => void res.end()) as express.ErrorRequestHandler),
  )

  await ask('/')

  const metrics = await registry.metrics()
  expect(metrics).toContain('{type="request.failed",code="other",route="/"} 1')
  expect(metrics).not.toContain(good)
})

describe('OpenTelemetry', () => {
  test('metrics: verifications, durations, fetches and the age of the keys', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const provider = new MeterProvider({ readers: [reader] })
    onTestFinished(measureWithOpenTelemetry(provider.getMeter('jwt-gate')))

    await cause()
    await provider.forceFlush()

    const [exported] = exporter.getMetrics()
    await provider.shutdown()
    const points = Object.fromEntries(
      (exported?.scopeMetrics[0]?.metrics ?? []).map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes, value }) => ({ attributes, value })),
      ]),
    )
    expect(points['jwt_gate.verifications']).toContainEqual({
      attributes: {
        'jwt_gate.outcome': 'accepted',
        'jwt_gate.cached': true,
        'jwt_gate.issuer': issuer,
      },
      value: 2,
    })
    expect(points['jwt_gate.verifications']).toContainEqual({
      attributes: {
        'jwt_gate.outcome': 'refused',
        'jwt_gate.code': 'ERR_TOKEN_EXPIRED',
        'jwt_gate.cached': false,
        'jwt_gate.issuer': issuer,
      },
      value: 1,
    })
    const outcomes = points['jwt_gate.key_fetch.duration']?.map(
      ({ attributes }) => attributes['outcome'],
    )
    expect(outcomes).toEqual(['jwks.fetched', 'jwks.failed'])
    expect(points['jwt_gate.verification.duration']).toHaveLength(2)
    expect(points['jwt_gate.requests.rejected']).toMatchObject([{ value: 1 }])
    expect(points['jwt_gate.keys.age']).toMatchObject([{ attributes: { issuer } }])
    expect(points['jwt_gate.keys.age']?.[0]?.value).toBeLessThan(60)
  })

  test('the span of a request gets the outcome, also if the verification had to wait', async () => {
    const exporter = new InMemorySpanExporter()
    const spanProcessors = [new SimpleSpanProcessor(exporter)]
    const tracer = new BasicTracerProvider({ spanProcessors }).getTracer('test')
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    onTestFinished(measureWithOpenTelemetry(new MeterProvider().getMeter('jwt-gate')))
    onTestFinished(() => context.disable())
    const { verifier } = createApi()

    for (const token of [good, expired]) {
      const span = tracer.startSpan('request')
      await context.with(trace.setSpan(context.active(), span), async () => {
        await verifier.verify(token).catch(() => undefined)
      })
      span.end()
    }

    expect(exporter.getFinishedSpans().map(({ attributes }) => attributes)).toEqual([
      { 'jwt_gate.outcome': 'accepted', 'jwt_gate.cached': false, 'jwt_gate.issuer': issuer },
      {
        'jwt_gate.outcome': 'refused',
        'jwt_gate.code': 'ERR_TOKEN_EXPIRED',
        'jwt_gate.cached': false,
        'jwt_gate.issuer': issuer,
      },
    ])
  })
})

describe("CloudWatch's embedded metric format", () => {
  test('has valid documents with the metrics of an authorizer', async () => {
    const lines: string[] = []
    onTestFinished(printCloudWatchMetrics((line) => lines.push(line), now))
    const { verifier } = createApi()
    const handler = createAuthorizer(verifier)
    for (const token of [good, expired]) {
      await handler(createAuthorizerEvent('rest-request', { token })).catch(() => undefined)
      clock.advance(90_000)
    }
    clock.advance(-180_000)

    const documents = lines.map(parseEmbeddedMetrics)

    expect(documents).toMatchObject([
      { Issuer: issuer, KeyFetch: 0, KeyFetchFailed: 0 },
      { Outcome: 'accepted', Verifications: 1, Cached: 0, Duration: expect.any(Number) },
      { Issuer: issuer, KeyAge: 0 },
      { Outcome: 'refused', Code: 'ERR_TOKEN_EXPIRED', Verifications: 1 },
      { Issuer: issuer, KeyAge: 90 },
    ])
  })

  test.each([
    ['a dimension without a value', { dimensions: [['Missing']] }],
    ['a unit that CloudWatch does not have', { metrics: [{ Name: 'Count', Unit: 'Tokens' }] }],
    ['a metric without a number', { metrics: [{ Name: 'Text' }] }],
  ])('the check of these documents finds %s', (_, { dimensions = [], metrics = [] }: Change) => {
    const directive = { Namespace: 'test', Dimensions: dimensions, Metrics: metrics }
    const document = { _aws: { Timestamp: 1, CloudWatchMetrics: [directive] }, Text: 'x', Count: 1 }

    expect(() => parseEmbeddedMetrics(JSON.stringify(document))).toThrow()
  })
})

test('a listener that throws does not end the process', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  onTestFinished(() => printed.mockRestore())
  const failure = new Error('disk full')
  onTestFinished(
    printCloudWatchMetrics(() => {
      throw failure
    }),
  )

  await createApi().verifier.verify(good)

  expect(printed).toHaveBeenCalledWith(failure)
})

interface Change {
  readonly dimensions?: string[][]
  readonly metrics?: { Name: string; Unit?: string }[]
}

/** The documented limits: the specification of the embedded metric format, in the user guide of Amazon CloudWatch. */
function parseEmbeddedMetrics(line: string): Record<string, unknown> {
  expect(line).not.toContain('\n')
  const document = JSON.parse(line)
  const { Timestamp, CloudWatchMetrics } = document['_aws']
  expect(Number.isSafeInteger(Timestamp)).toBe(true)
  expect(CloudWatchMetrics.length).toBeGreaterThan(0)
  for (const { Namespace, Dimensions, Metrics } of CloudWatchMetrics) {
    expect(Namespace).toMatch(/^[^:].{0,254}$/)
    for (const names of Dimensions) {
      expect(names.length).toBeLessThanOrEqual(30)
      for (const name of names) expect(document[name]).toMatch(/^.{1,1024}$/)
    }
    expect(Metrics.length).toBeLessThanOrEqual(100)
    for (const { Name, Unit } of Metrics) {
      expect(document[Name]).toEqual(expect.any(Number))
      expect(['Count', 'Seconds', 'Milliseconds', undefined]).toContain(Unit)
    }
  }
  return document
}
