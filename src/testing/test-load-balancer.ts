/**
 * A test double of an Application Load Balancer that authenticates users: it signs `x-amzn-oidc-data`, with the padding of its
 * base64url, and serves its public keys.
 */
import { Buffer } from 'node:buffer'
import { createPublicKey, type JsonWebKeyInput } from 'node:crypto'
import { readOptions } from '../verify/adapter-kit.ts'
import type { TestClaims } from './cognito-test-claims.ts'
import { createTestKey, signWith, type TestKey } from './test-key.ts'

/** The options of `createTestLoadBalancer`. */
export interface TestLoadBalancerOptions {
  /** The clock, in milliseconds since 1970. @defaultValue `Date.now` */
  readonly now?: () => number
  /** @defaultValue a load balancer in `eu-west-1` */
  readonly arn?: string
}

/** The options of `token`, for tokens that a load balancer would not create. */
export interface TestLoadBalancerTokenOptions {
  /** Header members to add or replace, or (with `undefined`) to omit. */
  readonly header?: Readonly<Record<string, unknown>>
  /** `false`: without padding. @defaultValue true */
  readonly padding?: boolean
}

/**
 * Creates a test load balancer with a new key.
 *
 * @example
 * ```ts
 * const loadBalancer = await createTestLoadBalancer()
 * const { arn, clientId, issuer, fetch } = loadBalancer
 * const user = alb({ loadBalancerArn: arn, clientId, issuer }, { fetch })
 * const headers = { 'x-amzn-oidc-data': await loadBalancer.token() }
 * await verifyEvent(user, createHandlerEvent('alb', { headers }))
 * ```
 */
export async function createTestLoadBalancer(
  options: TestLoadBalancerOptions = {},
): Promise<TestLoadBalancer> {
  const { now = Date.now, arn = ARN } = readOptions('options', options, { now: true, arn: true })
  return new TestLoadBalancer(arn, now, await createTestKey('ES256'))
}

const ARN =
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/0123456789abcdef'

/** A test load balancer. Its functions do not depend on `this`. */
export class TestLoadBalancer {
  readonly arn: string
  /** The client of its listener. */
  readonly clientId: string = '1example23456789testclient'
  /** The issuer of its listener. */
  readonly issuer: string = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_TestPool1'
  /** The URLs of the requests that `fetch` received. */
  readonly requests: string[] = []
  readonly #now: () => number
  #key: TestKey
  #isDown = false

  constructor(arn: string, now: () => number, key: TestKey) {
    this.arn = arn
    this.#now = now
    this.#key = key
  }

  /** The ID of its key: a UUID. */
  get kid(): string {
    return this.#key.kid.replace(`${this.#key.alg}-`, '')
  }

  /** Its public key in PEM, as AWS serves it. */
  get pem(): string {
    const key = createPublicKey({ key: { ...this.#key.jwk }, format: 'jwk' } as JsonWebKeyInput)
    return key.export({ type: 'spki', format: 'pem' }) as string
  }

  /** Creates the token of a user who has signed in. @param claims - claims to add or replace, or (with `undefined`) to omit */
  readonly token = async (
    claims: TestClaims = {},
    options: TestLoadBalancerTokenOptions = {},
  ): Promise<string> => {
    const own = readOptions('options', options, { header: true, padding: true })
    const { header, padding = true } = own
    const exp = Math.floor(this.#now() / 1_000) + 120
    const { kid, arn: signer, issuer: iss, clientId: client } = this
    const segments = [
      { typ: 'JWT', kid, alg: 'ES256', iss, client, signer, exp, ...header },
      { sub: SUB, email: 'alice@example.com', username: 'alice', exp, iss, ...claims },
    ].map((part) => encode(Buffer.from(JSON.stringify(part)), padding))
    const signature = await signWith(segments.join('.'), this.#key)
    return [...segments, encode(signature, padding)].join('.')
  }

  /** Replaces the key with a new one. The old one is no longer served. */
  readonly rotateKey = async (): Promise<void> => {
    this.#key = await createTestKey('ES256')
  }

  /** Makes requests for its keys fail, or work again. */
  readonly fail = (isDown: boolean): void => {
    this.#isDown = isDown
  }

  /** Serves its public key at the address of each region, and 404 for any other key ID. For the `fetch` option of `alb`. */
  readonly fetch: typeof globalThis.fetch = async (input) => {
    const url = new URL(input instanceof Request ? input.url : String(input))
    this.requests.push(url.href)
    if (this.#isDown) throw new TypeError('fetch failed')
    const isHere = url.pathname.endsWith(`/${this.kid}`)
    return new Response(isHere ? this.pem : 'Not Found', { status: isHere ? 200 : 404 })
  }
}

const SUB = '1d3f7a52-9b6c-4f0e-8a41-c2b5d7e90f13'

function encode(bytes: Uint8Array, isPadded: boolean): string {
  const text = Buffer.from(bytes).toString('base64url')
  return isPadded ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text
}
