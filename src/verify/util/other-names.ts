/**
 * What an error adds about a name that is not an option where it stands: the option that is meant, or the place that it belongs to.
 * Names of jose, jsonwebtoken, fast-jwt, jwks-rsa, express-jwt, express-oauth2-jwt-bearer, aws-jwt-verify and passport-jwt.
 */

/** Options by place, with their names in other libraries. What has the first one of a place counts as this place. */
const PLACES: Readonly<Record<string, string>> = {
  'the first argument of createVerifier()':
    'requiredClaims issuer=iss=issuerBaseURL audience=aud jwksUri=jwksUrl jwks=key=keys=secret=secretOrKey algorithms=tokenSigningAlg tokenType=typ tokenUse clientId groupsClaim maxTokenAgeSeconds=maxAge claims',
  'the second argument of createVerifier()':
    'tokenCache clockToleranceSeconds=graceSeconds check=customJwtCheck revocations=isRevoked now=currentDate',
  '"jwks" in the second argument of createVerifier()':
    'cooldownMs timeoutMs maxAgeMs=cacheMaxAge agent',
  'cognito()': 'userPoolId',
  'requireJwt()': 'realm optional=credentialsRequired=authRequired getToken=jwtFromRequest',
  'a rule, as for requireAccess()': 'scopes groups',
  'createAuthorizer() and verifyRequest()': 'access=routes',
}

/** What to do without an option. */
const ADVICE: Readonly<Record<string, string>> = {
  ignoreExpiration: 'Expired tokens never pass',
  permissions: 'Use { claims: { permissions: … } } in a rule',
  requestProperty: 'The token is in req.auth',
  roles: 'Use { claims: { roles: … } } in a rule',
  subject: 'Use { claims: { sub: … } } in a rule',
  verify: 'This is a verifier',
}

/** What follows the list of options. @param known - the options of the place where the name stands */
export function hintOf(name: string, known: readonly string[]): string {
  const own = known.find((one) => isSame(one, name))
  if (own) return `. Use "${own}"`
  if (Object.hasOwn(ADVICE, name)) return `. ${ADVICE[name]}`
  for (const [place, text] of Object.entries(PLACES)) {
    const options = text.split(' ').map((names) => names.split('='))
    const [option] = options.find((names) => names.some((one) => isSame(one, name))) ?? []
    if (!option) continue
    const [[first] = []] = options
    if (!known.includes(String(first))) return `. "${option}" belongs to ${place}`
    return known.includes(option) ? `. Use "${option}"` : ''
  }
  return ''
}

/** Whether two names differ at most in case, separators, a plural or a unit. */
function isSame(one: string, other: string): boolean {
  return toStem(one) === toStem(other)
}

function toStem(name: string): string {
  return name
    .toLowerCase()
    .replace(/[_-]/g, '')
    .replace(/(?:second|duration|m)?s?$/, '')
}
