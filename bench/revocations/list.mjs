/**
 * Entries of a list of revoked tokens, as a store returns them: a quarter each revokes by `jti`, `origin_jti`, `sid` and `sub`.
 */

const MEMBERS = ['jti', 'origin_jti', 'sid', 'sub']
const PAGE = 500

/** Pages of 500 records. */
export function* toPages(count, iss) {
  const until = Math.floor(Date.now() / 1_000) + 7_200
  for (let from = 0; from < count; from += PAGE) {
    const length = Math.min(PAGE, count - from)
    yield Array.from({ length }, (_, at) => toRecord(from + at, iss, until))
  }
}

function toRecord(at, iss, until) {
  const id = `${at.toString(16).padStart(8, '0')}-1111-4111-8111-111111111111`
  const entry = ['+', id.slice(0, 16), iss, MEMBERS[at % MEMBERS.length], id, until, null]
  return { text: JSON.stringify(entry), expiresAt: until + 900 }
}
