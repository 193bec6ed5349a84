/**
 * An authorizer that is asked with a good token, for tests of its context.
 */
import { Buffer } from 'node:buffer'
import type { Verifier } from 'jwt-gate'
import {
  type AuthorizerContext,
  type AuthorizerEvent,
  type AuthorizerGateway,
  createAuthorizer,
} from 'jwt-gate/lambda-authorizer'
import { createAuthorizerEvent } from 'jwt-gate/testing'

/** What the authorizer is asked. */
export interface Asked {
  readonly token: string
  /** What the user's function answers; left out: there is none. */
  readonly context?: unknown
  readonly gateway?: AuthorizerGateway
}

/** What it answered. */
export interface Answered {
  readonly result: object
  readonly context: AuthorizerContext
  readonly events: readonly AuthorizerEvent[]
}

export async function askForContext<Claims>(
  verifier: Verifier<Claims>,
  asked: Asked,
): Promise<Answered> {
  const { gateway = 'rest-request', token } = asked
  const events: AuthorizerEvent[] = []
  const handler = createAuthorizer(verifier, {
    ...('context' in asked && { context: () => asked.context as AuthorizerContext }),
    onEvent: (event) => events.push(event),
  })
  const result = await handler(createAuthorizerEvent(gateway, { token }))
  return { result, context: result.context ?? {}, events }
}

/** The event about what was left out. */
export function reduced(
  dropped: readonly string[],
  reason: 'type' | 'reserved' | 'size',
  gateway: AuthorizerGateway = 'rest-request',
): AuthorizerEvent {
  return { type: 'authorizer.context_reduced', gateway, dropped, reason }
}

export function byteLength(value: object): number {
  return Buffer.byteLength(JSON.stringify(value))
}
