/** `node:test` by Vitest, so that mutants are judged by the tests of `test/stores-servers` too. */
import { afterAll, beforeAll, describe as group, test as run } from 'vitest'

type Skip = string | boolean
type Body = (context: { skip(why?: string): void }) => unknown

export const before = beforeAll
export const after = afterAll

export function describe(
  title: string,
  ...rest: [() => void] | [{ skip?: Skip }, () => void]
): void {
  const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest
  group.skipIf(Boolean(options.skip))(title, body)
}

export function test(title: string, body: Body): void {
  run(title, (context) => body({ skip: (why) => context.skip(why) }))
}
