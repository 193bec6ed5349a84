/**
 * Uses the core and the entry points that need no types of others, without the types of Express and Lambda.
 */
import { createVerifier, type JwtClaims } from 'jwt-gate'
import { errorResponse, verifyRequest } from 'jwt-gate/fetch'
import { type EventResult, errorResult, verifyEvent } from 'jwt-gate/lambda'

const verifier = createVerifier({ issuer: 'https://idp.example', audience: null })

export async function subjectOf(token: string): Promise<string | undefined> {
  const claims: JwtClaims = (await verifier.verify(token)).claims
  return claims.sub
}

export async function respond(request: Request): Promise<Response> {
  try {
    const { claims } = await verifyRequest(verifier, request)
    return Response.json({ hello: claims.sub })
  } catch (error) {
    return errorResponse(error)
  }
}

export async function handler(event: object): Promise<EventResult | { statusCode: number }> {
  try {
    await verifyEvent(verifier, event)
    return { statusCode: 204 }
  } catch (error) {
    return errorResult(error)
  }
}
