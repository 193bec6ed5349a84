/**
 * `jwt-gate/issuers`: trusted issuers by the words of their own consoles.
 */

export { type Auth0Claims, type Auth0Options, auth0 } from './auth0.ts'
export { type AwsOutboundClaims, type AwsOutboundOptions, awsOutbound } from './aws-outbound.ts'
export { type EntraOptions, entra } from './entra.ts'
export type { EntraClaims, EntraV1Claims, EntraV2Claims } from './entra-claims.ts'
export type { EntraVersion } from './entra-tenants.ts'
export { type FirebaseClaims, type FirebaseOptions, firebase } from './firebase.ts'
export {
  type GithubActionsClaims,
  type GithubActionsOptions,
  githubActions,
} from './github-actions.ts'
export { type GoogleClaims, type GoogleOptions, google } from './google.ts'
export { type KeycloakClaims, type KeycloakOptions, keycloak } from './keycloak.ts'
export { type OktaClaims, type OktaOptions, okta } from './okta.ts'
export type { PresetOptions } from './preset.ts'
