/**
 * Verifiers for many tenants. `origin` is where the keys are: of all tenants in one place, or of each in its own.
 */
import { importLibrary } from '../measure/library.mjs'
import { toIssuer, toTenant } from './tokens.mjs'

const { createVerifier } = await importLibrary('verify')

const conditions = () => ({
  audience: '66666666-7777-8888-9999-000000000000',
  algorithms: ['RS256'],
  requiredClaims: ['sub', 'tid'],
})
const inOnePlace = (origin, issuer) => ({
  ...{ issuer, ...conditions() },
  jwksUri: `${origin}/common/keys`,
})
const inOwnPlaces = (origin, issuer) => ({
  ...{ issuer, ...conditions() },
  jwksUri: `${origin}/${toTenant(issuer)}/keys`,
})

/** Each creates a verifier for this many tenants. */
export const VERIFIERS = {
  one: (origin, _count, options) => createVerifier(inOnePlace(origin, toIssuer(0)), options),
  listed: (origin, count, options) => {
    const tenants = Array.from({ length: count }, (_, at) => inOnePlace(origin, toIssuer(at)))
    return createVerifier(tenants, options)
  },
  found: (origin, count, options) =>
    createVerifier((issuer) => inOnePlace(origin, issuer), { maxIssuers: count, ...options }),
  own: (origin, count, options) =>
    createVerifier((issuer) => inOwnPlaces(origin, issuer), { maxIssuers: count, ...options }),
}
