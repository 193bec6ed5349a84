/**
 * Whether API Gateway keeps a simple answer for one route alone. It keeps answers by the values of the identity sources,
 * and an event holds those values without their names: so it is looked for the route's own key among them, and made sure
 * that the client cannot have sent it, nor the stage's settings hold it.
 */
import type { AuthorizerRequest } from './authorizer-request.ts'
import { toObject } from './unknown-object.ts'

/** The route of an HTTP API that a request went to, such as `GET /orders/{id}`; `undefined` for other APIs. */
export function routeKeyOf({ event }: AuthorizerRequest): string | undefined {
  const { routeKey } = event
  return typeof routeKey === 'string' ? routeKey : undefined
}

/** Whether both `$context.routeKey` and the place of the token are identity sources of the authorizer. */
export function isKeptByRoute(request: AuthorizerRequest, token: string): boolean {
  const { identitySource } = request.event
  const routeKey = routeKeyOf(request)
  if (!Array.isArray(identitySource) || routeKey === undefined) return false
  return (
    identitySource.includes(routeKey) &&
    identitySource.some((value) => typeof value === 'string' && value.includes(token)) &&
    !otherValues(request).some((value) => value.includes(routeKey))
  )
}

/** Everything that another identity source could have taken its value from. */
function otherValues({ event, cookies }: AuthorizerRequest): readonly string[] {
  const { headers, queryStringParameters, pathParameters, stageVariables } = event
  const { stage } = toObject(event['requestContext'])
  return [headers, queryStringParameters, pathParameters, stageVariables]
    .flatMap((map) => Object.values(toObject(map)))
    .concat(cookies, stage)
    .filter((value) => typeof value === 'string')
}
