/**
 * Issuers behind the `fetch` option: every host under certain names has a discovery document and keys. A test can make them fail,
 * and can see the requests.
 */
import type { TestIssuer } from 'jwt-gate/testing'

export interface World {
  readonly fetch: typeof globalThis.fetch
  /** The addresses that were requested. */
  readonly asked: string[]
  /** How many requests are in flight, and the highest number so far. */
  readonly inFlight: { now: number; most: number }
  /** Sets how hosts respond from now on. */
  behave(how: 'answer' | 'hang' | 'fail'): void
}

/** @param keysOf - returns the issuer whose keys a host serves */
export function createWorld(keysOf: (host: string) => TestIssuer): World {
  const asked: string[] = []
  const inFlight = { now: 0, most: 0 }
  let behaviour = 'answer'
  const answer = (url: URL, signal: AbortSignal): Promise<Response> | Response => {
    if (behaviour === 'fail') throw new TypeError('fetch failed')
    if (signal.aborted) throw signal.reason
    if (behaviour === 'hang') {
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      )
    }
    if (url.pathname === '/jwks') return Response.json(keysOf(url.host).jwks)
    const path = url.pathname.replace('/.well-known/openid-configuration', '')
    return Response.json({ issuer: `${url.origin}${path}`, jwks_uri: `${url.origin}/jwks` })
  }
  const fetch = async (address: unknown, init?: RequestInit): Promise<Response> => {
    asked.push(String(address))
    inFlight.now++
    inFlight.most = Math.max(inFlight.most, inFlight.now)
    try {
      // in a later turn of the event loop, like any response of a network
      await new Promise((resolve) => setImmediate(resolve))
      return await answer(new URL(String(address)), init?.signal as AbortSignal)
    } finally {
      inFlight.now--
    }
  }
  return {
    fetch: fetch as typeof globalThis.fetch,
    ...{ asked, inFlight },
    behave: (how) => {
      behaviour = how
    },
  }
}
