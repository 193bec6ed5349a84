/**
 * The load generator: it sends the same prepared requests to every server.
 */
import { answerMessages, readInput } from '../measure/child.mjs'
import { readTokens } from '../measure/fixtures.mjs'
import { sendAll, toRequest } from './connections.mjs'

const { folder } = readInput()
const requests = readTokens(folder, 'RS256').map((token) =>
  toRequest(`Authorization: Bearer ${token}`),
)

answerMessages({ requests: requests.length }, load)

/**
 * Sends the first `distinct` requests in rotation, starting at `from`, until the time is over and at least `atLeast` are sent.
 */
async function load({ port, distinct, from, forMs, atLeast = 0 }) {
  const until = performance.now() + forMs
  let sent = 0
  const next = () => {
    if (sent >= atLeast && performance.now() >= until) return undefined
    return requests[(from + sent++) % distinct]
  }
  const ms = await sendAll(port, next)
  return { count: sent, ms }
}
