/**
 * The load: 50 connections that send one request after another, as fast as the server responds.
 */
import { Agent, request } from 'node:http'
import { OUTAGE_END_MS, OUTAGE_MS, rightStatuses, type Sample, SECONDS } from './phases.ts'

const CONNECTIONS = 50

/** The result. */
export interface Tally {
  sent: number
  answered: number
  /** Counts by kind, phase and status. */
  readonly counts: Map<string, number>
  readonly latenciesMs: number[]
  /** Wrong responses, and requests without one. */
  readonly failures: string[]
}

/** Sends until the load test ends. `samples` is called each time, because a rotation changes them. */
export async function sendAll(port: number, samples: () => readonly Sample[]): Promise<Tally> {
  const tally: Tally = { sent: 0, answered: 0, counts: new Map(), latenciesMs: [], failures: [] }
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const start = performance.now()
  const elapsed = (): number => performance.now() - start
  const work = async (): Promise<void> => {
    while (elapsed() < SECONDS * 1_000) await exchange(pick(samples()))
  }
  const exchange = async (sample: Sample): Promise<void> => {
    const sentMs = elapsed()
    tally.sent++
    try {
      const status = await send(agent, port, sample.token)
      judge(tally, sample, status, sentMs, elapsed())
    } catch (error) {
      tally.failures.push(`${Math.round(sentMs)} ms: ${sample.kind} was lost: ${error}`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
  agent.destroy()
  return tally
}

function judge(
  tally: Tally,
  sample: Sample,
  status: number,
  sentMs: number,
  answeredMs: number,
): void {
  tally.answered++
  if (tally.answered % 16 === 0) tally.latenciesMs.push(answeredMs - sentMs)
  const isOutage = sentMs < OUTAGE_END_MS && answeredMs > OUTAGE_MS
  const name = `${sample.kind} (${sample.age} key)${isOutage ? ' in the outage' : ''}: ${status}`
  tally.counts.set(name, (tally.counts.get(name) ?? 0) + 1)
  if (rightStatuses(sample, sentMs, answeredMs).includes(status)) return
  tally.failures.push(`${Math.round(sentMs)} ms: ${name} is wrong`)
}

function pick(samples: readonly Sample[]): Sample {
  return samples[Math.floor(Math.random() * samples.length)] as Sample
}

function send(agent: Agent, port: number, token: string | undefined): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return new Promise((resolve, reject) => {
    request({ agent, port, host: '127.0.0.1', headers, timeout: 10_000 }, (res) => {
      res.resume()
      res.once('end', () => resolve(res.statusCode ?? 0)).once('error', reject)
    })
      .once('timeout', () => reject(new Error('no answer in 10 s')))
      .once('error', reject)
      .end()
  })
}
