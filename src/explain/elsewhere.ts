/**
 * Looks for the token of a rejected request in the places that were not read: a request of Node or an event of API Gateway.
 */
import { memberOf } from './show.ts'

/** A place with a token, and the name of the header, parameter or cookie there. */
export interface Elsewhere {
  readonly place: 'header' | 'query' | 'cookie'
  readonly name: string
}

type Entry = readonly [name: string, value: unknown]

const TOKEN = /^(?:[Bb]earer +)?eyJ[\w-]*\.[\w-]+\.[\w-]+$/
// a proof has the form of a token
const NO_TOKEN = /^(?:cookie|dpop)$/i

export function findElsewhere(request: unknown): Elsewhere | undefined {
  const headers = entriesOf(memberOf(request, 'headers'))
  const places: Readonly<Record<Elsewhere['place'], readonly Entry[]>> = {
    header: headers.filter(([name]) => !NO_TOKEN.test(name)),
    query: readQuery(request),
    cookie: readCookies(request, headers),
  }
  for (const [place, entries] of Object.entries(places)) {
    const found = entries.find(([, value]) => typeof value === 'string' && TOKEN.test(value))
    if (found) return { place: place as Elsewhere['place'], name: found[0] }
  }
  return undefined
}

function readQuery(request: unknown): Entry[] {
  const url = memberOf(request, 'originalUrl') ?? memberOf(request, 'url')
  const [, query = ''] = typeof url === 'string' ? url.split('?') : []
  return [...new URLSearchParams(query), ...entriesOf(memberOf(request, 'queryStringParameters'))]
}

/** In a header, or in a list of HTTP APIs. */
function readCookies(request: unknown, headers: readonly Entry[]): Entry[] {
  const lines = headers.flatMap(([name, value]) => (/^cookie$/i.test(name) ? [value] : []))
  return [memberOf(request, 'cookies'), ...lines]
    .flat()
    .flatMap((line) => (typeof line === 'string' ? line.split(';') : []))
    .map((pair): Entry => {
      const [name = '', value = ''] = pair.split('=')
      return [name.trim(), value.trim()]
    })
}

function entriesOf(value: unknown): Entry[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
