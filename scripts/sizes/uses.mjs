/**
 * What is bundled. A use is an object: the imported names, by package or entry point.
 */
/** Built from other modules than the rest. */
export const SLIM = 'jwt-gate/slim'

const CORE = { 'jwt-gate': ['createVerifier', 'cognito'] }

const TYPICAL_USES = [
  CORE,
  { ...CORE, 'jwt-gate/express': ['requireJwt', 'requireAccess', 'getAuth', 'authErrorHandler'] },
  { ...CORE, 'jwt-gate/fetch': ['verifyRequest', 'errorResponse'] },
  { ...CORE, 'jwt-gate/lambda-authorizer': ['createAuthorizer'] },
  { [SLIM]: ['createVerifier', 'cognito', 'createAuthorizer'] },
  { 'jwt-gate/lambda-authorizer': ['claimsFromEvent'] },
  { ...CORE, 'jwt-gate/lambda': ['verifyEvent', 'errorResult'] },
  { 'jwt-gate': ['createVerifier'], 'jwt-gate/issuers': ['auth0'] },
  { ...CORE, 'jwt-gate/stores': ['createRevocations', 'dynamoDbRevocationStore'] },
]

/** What each one's own documentation uses at a resource server, as far as it is in the package. */
export const PEER_USES = [
  { 'aws-jwt-verify': ['CognitoJwtVerifier'] },
  { jose: ['jwtVerify', 'createRemoteJWKSet'] },
  { 'express-oauth2-jwt-bearer': ['auth', 'requiredScopes'] },
  { 'fast-jwt': ['createVerifier'] },
  { jsonwebtoken: ['verify'], 'jwks-rsa': ['JwksClient'] },
  { 'express-jwt': ['expressjwt'], 'jwks-rsa': ['expressJwtSecret'] },
]

/** The typical uses, and everything of each entry point. */
export function listUses(entries) {
  return [...TYPICAL_USES, ...entries.map((entry) => ({ [entry]: ['*'] }))]
}

/** A module that exports exactly these names. */
export function toCode(use) {
  const lines = Object.entries(use).map(([from, names]) => {
    const [all] = names.filter((name) => name === '*')
    return `export ${all ?? `{ ${names.join(', ')} }`} from '${from}'`
  })
  return lines.join('\n')
}

/** The cell that names a use. */
export function toTitle(use) {
  const parts = Object.entries(use).map(([from, names]) => {
    const what = names.map((name) => (name === '*' ? 'everything' : `\`${name}\``))
    return `${what.join(', ')} of \`${from}\``
  })
  return parts.join(', with ')
}
