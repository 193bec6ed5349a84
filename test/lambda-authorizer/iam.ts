/**
 * How IAM decides over a request, as AWS documents it: one Deny beats every Allow, and without an Allow there is none.
 */

export interface Statement {
  readonly Effect: string
  readonly Resource: string | readonly string[]
}

export function isAllowedByIam(statements: readonly Statement[], arn: string): boolean {
  return toIamDecision(statements)(arn)
}

/** The same for many requests. */
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

/** `*` stands for any text, slashes and none at all included; `?` for any one character. */
function toRegExp(pattern: string): RegExp {
  const source = [...pattern]
    .map((letter) => {
      if (letter === '*') return '[^]*'
      return letter === '?' ? '[^]' : letter.replace(/[\\^$.|+()[\]{}]/, '\\$&')
    })
    .join('')
  return new RegExp(`^${source}$`, 'u')
}
