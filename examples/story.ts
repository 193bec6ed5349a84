/**
 * What `npm start` prints: requests to try, with what each must be answered.
 */

/** A request, and its answer. */
export interface Scene {
  readonly title: string
  readonly url: string
  /** The token, or the shell variable that holds it; left out for a request without one. */
  readonly token?: string
  readonly status: number
}

/** The tokens of the story; those that only an issuer of one's own can make are left out for a real user pool. */
export interface Tokens {
  readonly good: string
  readonly expired?: string
  readonly forged?: string
  readonly id?: string
}

/** Every request of the story, to both surfaces. */
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

/** A scene as lines for a terminal. */
export function toLines({ title, url, token, status }: Scene): string {
  const header = token === undefined ? '' : ` -H "Authorization: Bearer ${token}"`
  return `# ${title} -> ${status}\ncurl -i ${url}${header}\n`
}
