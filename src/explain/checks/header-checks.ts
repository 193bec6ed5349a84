/**
 * Step 2: the header. Each check is the core's own function, called with a header that has nothing else to reject.
 */
import { assertHeader, type HeaderRule, type JsonObject } from '../../verify/explain-kit.ts'
import { oneOf, show } from '../show.ts'
import { type Judged, judge } from './judge.ts'

const REFUSED = ['crit', 'b64', 'zip'] as const

export function checkHeader(header: JsonObject, rule: HeaderRule): Judged[] {
  const { algorithms, tokenType } = rule
  const [alg] = algorithms
  const anyType = { algorithms, tokenType: null }
  const only = (...names: string[]): JsonObject =>
    Object.fromEntries(
      names.flatMap((name) => (Object.hasOwn(header, name) ? [[name, header[name]]] : [])),
    )
  const extras = only(...REFUSED)
  return [
    judge('alg', { expected: oneOf(algorithms), actual: show(header['alg']) }, () =>
      assertHeader(only('alg', 'enc'), anyType),
    ),
    judge('typ', { expected: describeType(tokenType), actual: show(header['typ']) }, () =>
      assertHeader({ alg, ...only('typ') }, rule),
    ),
    judge(
      'critical header',
      {
        expected: `no ${REFUSED.join(', ')}`,
        actual: Object.keys(extras).length > 0 ? show(extras) : undefined,
      },
      () => assertHeader({ alg, ...extras }, anyType),
    ),
    judge('kid', { expected: 'a string, or none', actual: show(header['kid']) }, () =>
      assertHeader({ alg, ...only('kid') }, anyType),
    ),
  ]
}

function describeType(tokenType: HeaderRule['tokenType']): string {
  if (tokenType === null) return 'anything'
  if (tokenType === undefined) return '"JWT", "at+jwt" or none'
  return tokenType === 'jwt' ? '"JWT" or none' : `"${tokenType}"`
}
