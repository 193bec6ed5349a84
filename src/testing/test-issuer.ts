/**
 * An issuer for tests, which looks like an Amazon Cognito user pool: its tokens have the claims that Cognito issues,
 * and its two RSA keys sign one kind of token each.
 */
import { Buffer } from 'node:buffer'
import type { Server } from 'node:http'
import type { Algorithm, JSONWebKeySet } from '../verify/index.ts'
import {
  type TestClaims,
  type TestClaimsSource,
  toAccessClaims,
  toIdClaims,
  toMachineClaims,
} from './cognito-test-claims.ts'
import {
  createFetch,
  type IssuerAnswer,
  originOf,
  startServer,
  stopServer,
} from './issuer-server.ts'
import { createTestKey, signWith, type TestKey } from './test-key.ts'

/** What `createTestIssuer` may be told. */
export interface TestIssuerOptions {
  /** The clock, in milliseconds since 1970. @defaultValue `Date.now` */
  readonly now?: () => number
  /** Algorithms to have a key for, beside the two RS256 keys. @defaultValue none */
  readonly algorithms?: readonly Algorithm[]
  /** The id of the user pool, to tell several issuers apart. @defaultValue `'eu-west-1_TestPool1'` */
  readonly userPoolId?: string
}

/** How to make a token that the issuer itself would not. */
export interface TestTokenOptions {
  /** Header members to set, to change, or (with `undefined`) to leave out. `kid` and `alg` are the key's by default. */
  readonly header?: Readonly<Record<string, unknown>>
  /** @defaultValue the key that signs access tokens */
  readonly key?: TestKey
  /** Makes the third part: bytes are encoded, a string stands as it is. @defaultValue a signature by `key` */
  readonly sign?: SignToken
}

type SignToken = (
  signingInput: string,
  key: TestKey,
) => Uint8Array | string | Promise<Uint8Array | string>

/** In which way the issuer's endpoints fail. */
export type TestFailure = 'down' | 'slow' | 'garbage' | 'empty'

/** Makes an issuer for tests. */
export async function createTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const { now = Date.now, algorithms = [], userPoolId = 'eu-west-1_TestPool1' } = options
  const keys = await Promise.all((['RS256', 'RS256', ...algorithms] as const).map(createTestKey))
  return new TestIssuer(userPoolId, now, keys)
}

/** An issuer for tests. Its functions can be passed around on their own. */
export class TestIssuer {
  readonly userPoolId: string
  readonly clientId: string = '1example23456789testclient'
  /** Reaches the issuer's own URLs, and fails on all others. */
  readonly fetch: typeof globalThis.fetch
  readonly #now: () => number
  #keys: readonly TestKey[]
  #failure: TestFailure | null = null
  #requests = 0
  #server: Server | undefined

  constructor(userPoolId: string, now: () => number, keys: readonly TestKey[]) {
    this.userPoolId = userPoolId
    this.#now = now
    this.#keys = keys
    this.fetch = createFetch(this.#answer)
  }

  /** The `iss` of its tokens: Cognito's own form, or an address on loopback once it listens. */
  get issuer(): string {
    const origin = this.#server
      ? originOf(this.#server)
      : 'https://cognito-idp.eu-west-1.amazonaws.com'
    return `${origin}/${this.userPoolId}`
  }

  get jwksUri(): string {
    return `${this.issuer}/.well-known/jwks.json`
  }

  /** The public keys. */
  get jwks(): JSONWebKeySet {
    return { keys: this.#keys.map((key) => key.jwk) }
  }

  /** The key pairs: of access tokens, of ID tokens, then one for each algorithm that was asked for. */
  get keys(): readonly TestKey[] {
    return this.#keys
  }

  /** How many requests have reached it, whatever it answered. */
  get requests(): number {
    return this.#requests
  }

  /** The first key of an algorithm. */
  readonly keyFor = (alg: Algorithm): TestKey => {
    const key = this.#keys.find((one) => one.alg === alg)
    if (key) return key
    throw new Error(`This issuer has no ${alg} key: name it in "algorithms"`)
  }

  /** An access token of a user. */
  readonly accessToken = (claims?: TestClaims): Promise<string> =>
    this.token({ ...toAccessClaims(this.#source()), ...claims })

  /** An ID token of the same user, signed with the other key. */
  readonly idToken = (claims?: TestClaims): Promise<string> =>
    this.token({ ...toIdClaims(this.#source()), ...claims }, { key: this.#keys[1] as TestKey })

  /** An access token of the client credentials grant. */
  readonly machineToken = (claims?: TestClaims): Promise<string> =>
    this.token({ ...toMachineClaims(this.#source()), ...claims })

  /** Any token at all. A string is taken as the text of the payload. */
  readonly token = async (
    claims: TestClaims | string,
    options: TestTokenOptions = {},
  ): Promise<string> => {
    const key = options.key ?? (this.#keys[0] as TestKey)
    const sign: SignToken = options.sign ?? signWith
    const header = JSON.stringify({ kid: key.kid, alg: key.alg, ...options.header })
    const payload = typeof claims === 'string' ? claims : JSON.stringify(claims)
    const signingInput = `${encode(header)}.${encode(payload)}`
    const signature = await sign(signingInput, key)
    return `${signingInput}.${typeof signature === 'string' ? signature : encode(signature)}`
  }

  /** Puts new keys in the place of all that it has. */
  readonly rotateKeys = async (): Promise<void> => {
    this.#keys = await Promise.all(this.#keys.map((key) => createTestKey(key.alg)))
  }

  /**
   * Makes its endpoints fail: `'down'` breaks connections off, `'slow'` never answers, `'garbage'` answers HTML,
   * `'empty'` a key set without keys. `null` mends them.
   */
  readonly fail = (failure: TestFailure | null): void => {
    this.#failure = failure
  }

  /**
   * Starts a real server on 127.0.0.1, on a free port by default, and moves `issuer` and `jwksUri` there. It also has
   * an `/oauth2/token` endpoint for the client credentials grant. Answers its origin.
   */
  readonly listen = async (port = 0): Promise<string> => {
    if (this.#server) throw new Error('This issuer listens already')
    this.#server = await startServer(this.#answer, port)
    return originOf(this.#server)
  }

  /** Stops the server, if there is one. */
  readonly close = async (): Promise<void> => {
    const server = this.#server
    this.#server = undefined
    if (server) await stopServer(server)
  }

  #source(): TestClaimsSource {
    const { issuer, clientId } = this
    return { issuer, clientId, nowSeconds: Math.floor(this.#now() / 1_000) }
  }

  readonly #answer = async (method: string, url: URL, body: string): Promise<IssuerAnswer> => {
    this.#requests++
    if (this.#failure === 'down' || this.#failure === 'slow') return this.#failure
    if (this.#failure === 'garbage') {
      return { status: 200, contentType: 'text/html', body: '<!doctype html><p>Sign in</p>' }
    }
    const { origin } = new URL(this.issuer)
    switch (`${method} ${url.href}`) {
      case `GET ${this.jwksUri}`:
        return json(200, this.#failure === 'empty' ? { keys: [] } : this.jwks)
      case `GET ${this.issuer}/.well-known/openid-configuration`:
        return json(200, this.#metadata(origin))
      case `POST ${origin}/oauth2/token`:
        return this.#answerTokenRequest(new URLSearchParams(body))
      default:
        return url.origin === origin ? json(404, { message: 'Not Found' }) : 'down'
    }
  }

  #metadata(origin: string): object {
    return {
      issuer: this.issuer,
      jwks_uri: this.jwksUri,
      token_endpoint: `${origin}/oauth2/token`,
      response_types_supported: ['code', 'token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }
  }

  async #answerTokenRequest(form: URLSearchParams): Promise<IssuerAnswer> {
    if (form.get('grant_type') !== 'client_credentials') {
      return json(400, { error: 'unsupported_grant_type' })
    }
    const token = await this.machineToken()
    return json(200, { access_token: token, expires_in: 3_600, token_type: 'Bearer' })
  }
}

function encode(part: string | Uint8Array): string {
  return Buffer.from(part as string).toString('base64url')
}

function json(status: number, body: object): IssuerAnswer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) }
}
