/**
 * What `npm start` prints: where everything listens, and requests to try, with their expected responses. It fits on one screen.
 */
import type { Origins } from './demo.ts'

/** A request to try. */
interface Scene {
  readonly title: string
  readonly status: number
  readonly command: string
}

/** The parts of the demo that listen. */
export function toPlaces({ page, express, gateway, issuer, signIn }: Origins): string[] {
  const places = [
    [page, 'the page: sign in, call the APIs, break things'],
    [express, 'an Express API: /profile, /orders, /admin'],
    [gateway, 'the same routes behind a stand-in for API Gateway and the Lambda authorizer'],
    [issuer, 'the issuer of the tokens'],
    [signIn, 'its sign-in page and token endpoint'],
  ] as const
  return places.filter(([origin]) => origin).map(([origin, what]) => `  ${origin}  ${what}`)
}

/** The story with the embedded issuer. */
export function tellEmbedded(origins: Origins): string[] {
  const { page, express, gateway } = toHosts(origins)
  const of = (kind: string) => bearer(`$(curl -s ${page}/token/${kind})`)
  const forged = bearer('$' + '{TOKEN%????}AAAA')
  const good = bearer('$TOKEN')
  const act = (body: object) =>
    `curl -i ${page}/demo -H Content-Type:application/json -d '${JSON.stringify(body)}'`
  const scenes: Scene[] = [
    get('no token', 401, `${express}/profile`),
    get('a good token', 200, `${express}/profile`, good),
    get('a good token, through API Gateway', 200, `${gateway}/profile`, good),
    get('a forged token', 401, `${express}/profile`, forged),
    get('an expired token, through API Gateway', 401, `${gateway}/profile`, of('expired')),
    get('an ID token where an access token is wanted', 401, `${express}/profile`, of('id')),
    get('a user without the scope orders/read', 403, `${express}/orders`, of('noa')),
    get('a user outside the group admin, through API Gateway', 403, `${gateway}/admin`, of('rui')),
    toPreflight(express, origins.page),
    { title: 'take the issuer down', status: 200, command: act({ do: 'outage' }) },
    get('the keys in memory go on', 200, `${express}/admin`, good),
    { title: 'three hours later', status: 200, command: act({ do: 'clock', seconds: 10_800 }) },
    get('no keys are left: 503, so no client logs its user out', 503, `${express}/admin`, good),
    { title: 'put everything back', status: 200, command: act({ do: 'reset' }) },
  ]
  const first = [
    '# first: a token of Ada, who is in the group admin',
    `TOKEN=$(curl -s ${page}/token)`,
  ]
  return [...first, ...scenes.flatMap(toLines)]
}

/** The story with a real user pool, whose tokens only the user can get. */
export function tellPool(origins: Origins, userPoolId: string): string[] {
  const { express, gateway } = toHosts(origins)
  const good = bearer('$TOKEN')
  const scenes = [
    get('no token', 401, `${express}/profile`),
    get('no token, through API Gateway', 401, `${gateway}/profile`),
    get('a good token', 200, `${express}/profile`, good),
    get('a good token, through API Gateway', 200, `${gateway}/profile`, good),
    toPreflight(express, origins.page),
  ]
  const first = [`# first: an access token of the user pool ${userPoolId}`, 'TOKEN=…']
  return [...first, ...scenes.flatMap(toLines)]
}

function get(title: string, status: number, url: string, header?: string): Scene {
  return { title, status, command: `curl -i ${url}${header === undefined ? '' : ` ${header}`}` }
}

function toPreflight(api: string, page: string): Scene {
  const command = `curl -i -X OPTIONS ${api}/orders \\
  -H "Origin: ${page}" -H "Access-Control-Request-Method: GET"`
  return { title: 'a preflight request: CORS comes before the token', status: 204, command }
}

function bearer(token: string): string {
  return `-H "Authorization: Bearer ${token}"`
}

function toLines({ title, status, command }: Scene): string[] {
  return [`# ${title} -> ${status}`, command]
}

/** Without the scheme, which `curl` adds, a line fits. */
function toHosts(origins: Origins): Origins {
  const entries = Object.entries(origins)
  return Object.fromEntries(
    entries.map(([name, origin]) => [name, origin.replace('http://', '')]),
  ) as unknown as Origins
}
