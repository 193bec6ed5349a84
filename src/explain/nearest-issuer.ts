/**
 * Of the trusted issuers, the one that a token was probably meant to come from.
 */

/** Without what is most often written differently: scheme, case, port, a slash at the end. */
export function normalize(issuer: string): string {
  return issuer
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^([^/:]+):\d+/, '$1')
    .replace(/(?<!\/)\/+$/, '')
}

/** @param iss - unverified, of any type */
export function nearestIssuer(iss: unknown, trusted: readonly string[]): string | undefined {
  if (typeof iss !== 'string') return trusted[0]
  const scores = trusted.map((one) => similarity(iss, one))
  return trusted[scores.indexOf(Math.max(...scores))]
}

function similarity(iss: string, trusted: string): number {
  const [a, b] = [normalize(iss), normalize(trusted)]
  if (a === b) return 4
  const [hostA = '', ...pathA] = a.split('/')
  const [hostB = '', ...pathB] = b.split('/')
  const samePath = pathA.length > 0 && pathA.join('/') === pathB.join('/')
  return (
    (samePath ? 3 : 0) || (hostA === hostB ? 2 : 0) || (domain(hostA) === domain(hostB) ? 1 : 0)
  )
}

function domain(host: string): string {
  return host.split('.').slice(-2).join('.')
}
