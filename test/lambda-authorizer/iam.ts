/**
 * How IAM decides on a request, as AWS documents it: one Deny beats every Allow, and without an Allow a request is denied.
 */

export interface Statement {
  readonly Effect: string
  readonly Resource: string | readonly string[]
}

export function isAllowedByIam(statements: readonly Statement[], arn: string): boolean {
  return toIamDecision(statements)(arn)
}

/** Compiles the statements once, for many requests. */
export function toIamDecision(statements: readonly Statement[]): (arn: string) => boolean {
  const [allowed, denied] = ['Allow', 'Deny'].map((effect) =>
    statements
      .filter(({ Effect }) => Effect === effect)
      .flatMap(({ Resource }) => Resource)
      .map(toRegExp),
  )
  const isIn = (patterns: readonly RegExp[] = [], arn: string): boolean =>
    patterns.some((pattern) => pattern.test(arn))
  return (arn) => isIn(allowed, arn) && !isIn(denied, arn)
}

/** `*` matches any text, including slashes and empty text. `?` matches any one character. */
function toRegExp(pattern: string): RegExp {
  const source = [...pattern]
    .map((character) => {
      if (character === '*') return '[^]*'
      return character === '?' ? '[^]' : character.replace(/[\\^$.|+()[\]{}]/, '\\$&')
    })
    .join('')
  return new RegExp(`^${source}$`, 'u')
}
