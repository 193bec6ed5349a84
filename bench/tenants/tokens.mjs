/**
 * Tokens of many tenants, in files: one token of each tenant, and as many of one tenant alone. All are signed by the same key, which
 * every key set contains: what is measured is what tenants cost, and a set that is fetched again is a set of its own.
 */
import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const SIX_HOURS = 21_600
const HEADER = toPart({ alg: 'RS256', typ: 'JWT', kid: 'key-0' })

/** The issuer of a tenant, as Entra writes it. */
export function toIssuer(tenant) {
  const digits = tenant.toString(16).padStart(12, '0')
  return `https://login.example.com/11111111-2222-3333-4444-${digits}/v2.0`
}

export function toTenant(issuer) {
  return Number.parseInt(issuer.slice(-17, -5), 16)
}

/** Writes the two files. Returns the key set. */
export function writeTokens(folder, count) {
  const keys = ['key-0', 'key-1'].map(createKey)
  const [{ privateKey }] = keys
  const write = (name, tenantOf) => {
    const tokens = Array.from({ length: count }, (_, at) => mint(privateKey, tenantOf(at)))
    writeFileSync(join(folder, `${name}.txt`), tokens.join('\n'), 'latin1')
  }
  write('tenants', (at) => at)
  write('one-tenant', () => 0)
  return { keys: keys.map(({ jwk }) => jwk) }
}

function createKey(kid) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }
  return { privateKey, jwk }
}

/** Claims as in an access token of Entra. */
function mint(privateKey, tenant) {
  const now = Math.floor(Date.now() / 1e3)
  const claims = {
    aud: '66666666-7777-8888-9999-000000000000',
    iss: toIssuer(tenant),
    ...{ iat: now, nbf: now, exp: now + SIX_HOURS },
    ...{ azp: randomUUID(), oid: randomUUID(), sub: randomUUID(), tid: randomUUID() },
    ...{ scp: 'orders.read orders.write', roles: ['Reader', 'Writer'], ver: '2.0' },
    ...{ preferred_username: 'someone@example.com', name: 'Some One', uti: randomUUID() },
  }
  const signed = `${HEADER}.${toPart(claims)}`
  return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`
}

function toPart(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
