/**
 * Replaces `access-map.ts` and `route-identity.ts` of the authorizer in slim builds: route maps are a sixth of it.
 */
import { ConfigError } from '../../verify/index.ts'

export {
  readAccess as assertCachedByRoute,
  readAccess as assertRouteKeyNotSent,
  readAccess as readRequestAccess,
  readAccess as readRouteAccess,
  readAccess as readStageAccess,
}

function readAccess(): never {
  throw new ConfigError(
    '"access" is not an option of jwt-gate/slim: import createAuthorizer from jwt-gate/lambda-authorizer',
  )
}
