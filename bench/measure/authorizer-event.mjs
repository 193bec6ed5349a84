/**
 * Events of a REST API, which cost almost nothing to make.
 */
import { importLibrary } from './library.mjs'

/** Returns a function that makes the event of a request for this path, with a token. */
export async function createEventMaker(path) {
  const { createAuthorizerEvent } = await importLibrary('testing')
  const event = createAuthorizerEvent('rest-request', { token: '', path })
  return (token) => {
    const authorization = `Bearer ${token}`
    const headers = { ...event.headers, Authorization: authorization }
    const multiValueHeaders = { ...event.multiValueHeaders, Authorization: [authorization] }
    return { ...event, headers, multiValueHeaders }
  }
}

/** A route map with so many routes, which allow the tokens of the bench. */
export function toRoutes(count) {
  const rule = { groups: ['orders-readers'] }
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`GET /orders${at}`, rule]))
}
