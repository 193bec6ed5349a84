/**
 * Policies are put together once for tokens that may do the same, and few are kept.
 */
import type { PolicyStatement } from 'jwt-gate/lambda-authorizer'
import { expect, test } from 'vitest'
import { KnownPolicies } from '../../../src/lambda-authorizer/answer/known-policies.ts'
import { toPolicyDocument } from '../../../src/lambda-authorizer/answer/policy.ts'

function createCase() {
  const made: string[] = []
  const policies = new KnownPolicies()
  const find = (name: string) =>
    policies.find(name, () => {
      made.push(name)
      return toPolicyDocument('Allow', [name])
    })
  return { made, find }
}

test('makes a policy once, and gives each caller a copy', () => {
  const { made, find } = createCase()

  const [first, second] = [find('a'), find('a')]
  const [statement] = first.policyDocument.Statement
  ;((statement as PolicyStatement).Resource as string[]).push('*')
  first.policyDocument.Statement.push(statement as never)

  expect(made).toEqual(['a'])
  for (const one of [second, find('a')]) {
    expect(one.policyDocument).toEqual(toPolicyDocument('Allow', ['a']))
    expect(one.length).toBe(
      JSON.stringify({ policyDocument: toPolicyDocument('Allow', ['a']) }).length - 1,
    )
  }
})

test('keeps the last 32', () => {
  const { made, find } = createCase()
  const names = Array.from({ length: 33 }, (_, n) => String(n))

  for (const name of names) find(name)
  for (const name of names.slice(1)) find(name)
  expect(made).toEqual(names)

  find('0')
  find('2')
  find('1')
  expect(made.slice(33)).toEqual(['0', '1'])
})
