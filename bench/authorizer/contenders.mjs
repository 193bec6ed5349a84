/**
 * Authorizers that get the same token again and again, and the SHA-256 of this token, which any cache that stores no tokens needs.
 * `create` gets the setup of `measure/fixtures.mjs`, and returns the function that is measured. It takes an event, or the token.
 */
import { hash } from 'node:crypto'
import { importLibrary } from '../measure/library.mjs'

const NAMES = ['orders', 'users', 'invoices', 'products', 'carts', 'payments', 'refunds', 'reviews']
const RULES = [
  { scopes: ['aws.cognito.signin.user.admin'] },
  { groups: ['orders-readers'] },
  { groups: ['admins'] },
]

export const CONTENDERS = {
  sha256: {
    label: 'one SHA-256 of the token',
    takesToken: true,
    create: () => (token) => hash('sha256', token, 'latin1'),
  },
  default: { label: 'the default context', create: (setup) => createAuthorizer(setup) },
  routes: {
    label: 'the default context and a map of 60 routes',
    create: (setup) => createAuthorizer(setup, { access: toMap(60) }),
  },
}

async function createAuthorizer({ userPoolId, clientId, jwks }, options) {
  const { cognito, createVerifier } = await importLibrary('verify')
  const library = await importLibrary('lambda-authorizer')
  const pool = cognito({ userPoolId, clientId, tokenUse: 'access', jwks })
  const handler = library.createAuthorizer(createVerifier(pool), options)
  // as in Lambda
  const context = { getRemainingTimeInMillis: () => 3_000 }
  return (event) => handler(event, context)
}

/** Routes of which the token may use two thirds, in some of which a part of the path is variable. */
function toMap(count) {
  const entries = Array.from({ length: count }, (_, at) => {
    const name = `${NAMES[at % NAMES.length]}${Math.floor(at / NAMES.length)}`
    return [`GET /${name}${at < 3 ? '/{id}' : ''}`, RULES[at % RULES.length]]
  })
  return Object.fromEntries(entries)
}
