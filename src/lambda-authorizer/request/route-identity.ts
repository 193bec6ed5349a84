/**
 * Whether API Gateway keeps a simple answer for one route alone. It keeps answers by the values of the identity sources,
 * and an event holds those values without their names: so it is looked for the route's own key among them, and made sure
 * that the client cannot have sent it, nor the stage's settings hold it.
 */

import { toObject } from '../util/unknown-object.ts'
import type { AuthorizerRequest } from './authorizer-request.ts'

/** The route of an HTTP API that a request went to, such as `GET /orders/{id}`; `undefined` for other APIs. */
function routeKeyOf({ event }: AuthorizerRequest): string | undefined {
  const { routeKey } = event
  return typeof routeKey === 'string' ? routeKey : undefined
}

/** What an event shows of its identity sources; `'stage'` where the route's key might be the name of the stage as well. */
export type KeptBy = 'route' | 'stage' | 'unknown'

/** Whether both `$context.routeKey` and the place of the token are identity sources of the authorizer. */
export function keptBy(request: AuthorizerRequest, token: string): KeptBy {
  const { identitySource } = request.event
  const routeKey = routeKeyOf(request)
  if (!Array.isArray(identitySource) || routeKey === undefined) return 'unknown'
  const isSource =
    identitySource.includes(routeKey) &&
    identitySource.some((value) => typeof value === 'string' && value.includes(token))
  const holds = (value: unknown): boolean => typeof value === 'string' && value.includes(routeKey)
  if (!isSource || valuesOfClient(request).some(holds)) return 'unknown'
  return holds(toObject(request.event['requestContext'])['stage']) ? 'stage' : 'route'
}

/** Everything but the stage that another identity source could have taken its value from. */
function valuesOfClient({ event, cookies }: AuthorizerRequest): readonly unknown[] {
  const { headers, queryStringParameters, pathParameters, stageVariables } = event
  return [headers, queryStringParameters, pathParameters, stageVariables]
    .flatMap((map) => Object.values(toObject(map)))
    .concat(cookies)
}
