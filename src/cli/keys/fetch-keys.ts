/**
 * Fetches a key set as a verifier does, and keeps it, to print it.
 */
import { Buffer } from 'node:buffer'
import {
  createVerifier,
  KeysError,
  type TrustedIssuer,
  type VerifierOptions,
} from '../../verify/index.ts'
import type { Context } from '../command.ts'
import { describeKeysError } from '../output/failures.ts'
import { observeRequests } from '../output/requests.ts'
import { nameOptions } from '../setup/name-options.ts'

/**
 * @param trusted - an issuer, with the address of its keys, or without it for discovery
 * @throws `UsageError` if an address is not allowed; `KeysError` if there is no key set
 */
export async function fetchKeys(
  trusted: TrustedIssuer,
  options: VerifierOptions,
  { io, progress }: Context,
): Promise<readonly unknown[]> {
  const bodies: Body[] = []
  const verifierFetch = toRecorded(io.fetch, bodies)
  const requests = observeRequests({ ...io, verifierFetch }, progress)
  const effects = { now: io.now, fetch: requests.fetch }
  try {
    await nameOptions(() => createVerifier(trusted, { ...options, ...effects })).hydrate()
  } catch (error) {
    // of a set without a usable key, each key is judged
    if (!(error instanceof KeysError) || error.reason !== 'no_usable_key') throw error
    progress.fail(describeKeysError(error))
  } finally {
    requests.stop()
  }
  // the metadata comes first
  return JSON.parse(Buffer.concat(bodies.at(-1) ?? []).toString('utf8')).keys
}

type Body = Uint8Array[]

/** The verifier ends a response that is too large, so the copy is limited too. */
function toRecorded(fetch: typeof globalThis.fetch, bodies: Body[]): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.body === null) return response
    const body: Body = []
    bodies.push(body)
    const copy = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        body.push(chunk)
        controller.enqueue(chunk)
      },
    })
    const { status, headers } = response
    return new Response(response.body.pipeThrough(copy), { status, headers })
  }
}
