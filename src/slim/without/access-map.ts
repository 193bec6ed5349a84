/**
 * Replaces `lambda-authorizer/access/access-map.ts` in slim builds: route maps are a sixth of the authorizer.
 */
import { ConfigError } from '../../verify/index.ts'

export {
  readAccess as readRequestAccess,
  readAccess as readRouteAccess,
  readAccess as readStageAccess,
}

function readAccess(): never {
  throw new ConfigError(
    '"access" is not an option of jwt-gate/slim: import createAuthorizer from jwt-gate/lambda-authorizer',
  )
}
