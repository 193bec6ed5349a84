/**
 * How IAM decides over a request, as AWS documents it: one Deny beats every Allow, and without an Allow there is none.
 */

export interface Statement {
  readonly Effect: string
  readonly Resource: string | readonly string[]
}

export function isAllowedByIam(statements: readonly Statement[], arn: string): boolean {
  const effects = statements
    .filter(({ Resource }) => [Resource].flat().some((pattern) => isGlobMatch(pattern, arn)))
    .map(({ Effect }) => Effect)
  return effects.includes('Allow') && !effects.includes('Deny')
}

/** `*` stands for any text, slashes and none at all included; `?` for any one character. */
function isGlobMatch(pattern: string, text: string): boolean {
  const source = [...pattern]
    .map((letter) => {
      if (letter === '*') return '[^]*'
      return letter === '?' ? '[^]' : letter.replace(/[\\^$.|+()[\]{}]/, '\\$&')
    })
    .join('')
  return new RegExp(`^${source}$`, 'u').test(text)
}
