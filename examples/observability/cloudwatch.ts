/**
 * Metrics in CloudWatch's embedded metric format: in Lambda, each printed line becomes data points, without a call of an API. For
 * an authorizer of your own. It prints a line for each token, which is too much for a server.
 */
import { listen } from './channels.ts'

type Unit = 'Count' | 'Milliseconds' | 'Seconds'
type Metrics = Readonly<Record<string, readonly [value: number, unit: Unit]>>

/** Prints until the returned function is called. */
export function printCloudWatchMetrics(
  print: (line: string) => void = console.log,
  now: () => number = Date.now,
): () => void {
  const fetchedAt = new Map<string, number>()
  const put = (dimensions: Readonly<Record<string, string>>, metrics: Metrics): void =>
    print(toLine(dimensions, metrics, now()))
  return listen({
    onVerify: ({ outcome, code, issuer, cached, durationMs }) => {
      put(
        { Outcome: outcome, ...(code !== undefined && { Code: code }) },
        {
          Verifications: [1, 'Count'],
          Cached: [cached ? 1 : 0, 'Count'],
          Duration: [durationMs, 'Milliseconds'],
        },
      )
      const since = issuer === undefined ? undefined : fetchedAt.get(issuer)
      if (issuer !== undefined && since !== undefined) {
        put({ Issuer: issuer }, { KeyAge: [(now() - since) / 1_000, 'Seconds'] })
      }
    },
    onKeys: (event) => {
      if (event.type !== 'jwks.fetched' && event.type !== 'jwks.failed') return
      const { type, issuer, durationMs } = event
      if (type === 'jwks.fetched') fetchedAt.set(issuer, now() - durationMs)
      const failed = type === 'jwks.failed' ? 1 : 0
      put(
        { Issuer: issuer },
        { KeyFetch: [durationMs, 'Milliseconds'], KeyFetchFailed: [failed, 'Count'] },
      )
    },
  })
}

function toLine(
  dimensions: Readonly<Record<string, string>>,
  metrics: Metrics,
  at: number,
): string {
  const names = Object.keys(dimensions)
  const directive = {
    Namespace: 'jwt-gate',
    // by the first dimension, and by all of them
    Dimensions: names.length > 1 ? [names.slice(0, 1), names] : [names],
    Metrics: Object.entries(metrics).map(([Name, [, Unit]]) => ({ Name, Unit })),
  }
  const values = Object.entries(metrics).map(([name, [value]]) => [name, value])
  return JSON.stringify({
    _aws: { Timestamp: at, CloudWatchMetrics: [directive] },
    ...dimensions,
    ...Object.fromEntries(values),
  })
}
