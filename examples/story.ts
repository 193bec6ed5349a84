/**
 * The output of `npm start`: requests to try, with their expected responses.
 */

/** A request, and its expected response. */
export interface Scene {
  readonly title: string
  readonly url: string
  /** The token, or a shell variable that contains it; omitted for a request without a token. */
  readonly token?: string
  readonly status: number
}

/** The tokens. With a real user pool, those that only a test issuer can create are omitted. */
export interface Tokens {
  readonly good: string
  readonly expired?: string
  readonly forged?: string
  readonly id?: string
}

/** All requests, to both servers. */
export function toScenes(express: string, gateway: string, tokens: Tokens): Scene[] {
  const surfaces = [
    ['Express', `${express}/profile`],
    ['API Gateway and Lambda', `${gateway}/profile`],
  ] as const
  return surfaces.flatMap(([surface, url]) => [
    { title: `${surface}: a good token`, url, token: tokens.good, status: 200 },
    { title: `${surface}: no token`, url, status: 401 },
    ...toRefused(surface, url, 'an expired token', tokens.expired),
    ...toRefused(surface, url, 'a forged token', tokens.forged),
    ...toRefused(surface, url, 'an ID token where an access token is wanted', tokens.id),
  ])
}

function toRefused(surface: string, url: string, what: string, token: string | undefined): Scene[] {
  return token === undefined ? [] : [{ title: `${surface}: ${what}`, url, token, status: 401 }]
}

/** Formats a scene for a terminal. */
export function toLines({ title, url, token, status }: Scene): string {
  const header = token === undefined ? '' : ` -H "Authorization: Bearer ${token}"`
  return `# ${title} -> ${status}\ncurl -i ${url}${header}\n`
}
