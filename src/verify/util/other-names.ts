/**
 * The names of options in other libraries: express-oauth2-jwt-bearer, express-jwt, jwks-rsa, jose, aws-jwt-verify, passport-jwt.
 */

const OURS: Readonly<Record<string, string>> = {
  aud: 'audience',
  clockTolerance: 'clockToleranceSeconds',
  credentialsRequired: 'optional',
  issuerBaseURL: 'issuer',
  jwksUrl: 'jwksUri',
  jwtFromRequest: 'getToken',
  secret: 'jwks',
  tokenSigningAlg: 'algorithms',
  userPoolID: 'userPoolId',
}

/** What follows the list of options, if another library has an option of this name. */
export function hintOf(name: string): string {
  return Object.hasOwn(OURS, name) ? `. Use "${OURS[name]}"` : ''
}
