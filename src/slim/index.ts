/**
 * `jwt-gate/slim`: the verifier and the Lambda authorizer in two thirds of the code, for bundles that must load fast.
 *
 * It lacks route maps (`access`), `trusted` as a function, `dpop`, `mtls` and the channels of `node:diagnostics_channel`. Options that
 * need them, and a verifier of `jwt-gate` with `dpop` or `mtls`, are a {@link ConfigError} at construction. Everything else works as in
 * `jwt-gate` and `jwt-gate/lambda-authorizer`.
 *
 * @example
 * ```ts
 * import { cognito, createAuthorizer, createVerifier } from 'jwt-gate/slim'
 *
 * const verifier = createVerifier(cognito({ userPoolId, clientId, tokenUse: 'access' }))
 * export const handler = createAuthorizer(verifier)
 * ```
 */
export { createAuthorizer } from '../lambda-authorizer/index.ts'
export {
  AccessError,
  ConfigError,
  cognito,
  createVerifier,
  isJwtGateError,
  KeysError,
  StoreError,
  TokenError,
} from '../verify/index.ts'
