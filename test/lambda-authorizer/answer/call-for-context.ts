/**
 * Calls an authorizer with a valid token, for tests of its context.
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

/** The call of the authorizer. */
interface ContextRequest {
  readonly token: string
  /** The return value of the user's function. Omitted: no function is set. */
  readonly context?: unknown
  readonly gateway?: AuthorizerGateway
}

/** The result, its context, and the reported events. */
export interface ContextResult {
  readonly result: object
  readonly context: AuthorizerContext
  readonly events: readonly AuthorizerEvent[]
}

export async function callForContext<Claims>(
  verifier: Verifier<Claims>,
  request: ContextRequest,
): Promise<ContextResult> {
  const { gateway = 'rest-request', token } = request
  const events: AuthorizerEvent[] = []
  const handler = createAuthorizer(verifier, {
    ...('context' in request && { context: () => request.context as AuthorizerContext }),
    onEvent: (event) => events.push(event),
  })
  const result = await handler(createAuthorizerEvent(gateway, { token }))
  return { result, context: result.context ?? {}, events }
}

/** The event that reports dropped values. */
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

/** The claims in `jwt`. */
export function readJwt({ jwt }: AuthorizerContext): Record<string, unknown> {
  return JSON.parse(Buffer.from(String(jwt), 'base64url').toString())
}
