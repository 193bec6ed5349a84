/**
 * The name of a request's route in events: a key of the route map, or the key of the route that API Gateway chose. Both are from
 * settings. Never the path, which the client chose.
 */
import type { AuthorizerRequest } from '../request/authorizer-request.ts'
import { CONNECT } from '../routes/connect.ts'
import { isPrintable } from '../util/printable.ts'
import type { AnswerMode } from './answer-settings.ts'

const MAX_LENGTH = 512
// in an event of a REST API, an unknown method would be the client's
const KEY = /^(?:\$default$|(?:ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/)/

/** Returns `undefined` if neither is known, as in a `TOKEN` event without a route map. */
export function findRouteName(
  { arn, gateway, routeKeys }: AuthorizerRequest,
  access: AnswerMode['access'],
): string | undefined {
  const listed = arn && access?.findKey(arn.request.split('/'))
  if (listed !== undefined) return listed
  if (gateway === 'websocket') return CONNECT
  return routeKeys.find((key) => KEY.test(key) && isPrintable(key, MAX_LENGTH))
}
