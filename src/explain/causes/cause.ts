/**
 * What a list of causes is made of.
 */
import { readMember } from '../../verify/explain-kit.ts'
import { isJwtGateError } from '../../verify/index.ts'
import type { Cause } from '../explanation.ts'
import type { Facts } from '../facts.ts'

/** An error, read once: a user may throw anything. */
export interface Problem {
  readonly code: string | undefined
  readonly claim: string | undefined
  readonly reason: string | undefined
  readonly error: unknown
}

/** Finds causes of a problem, the likeliest first. */
export type FindCauses = (facts: Facts, problem: Problem) => Cause[]

export function cause(title: string, advice: string): Cause {
  return { title, advice }
}

export function toProblem(error: unknown): Problem {
  const read = (name: string): string | undefined => {
    const value = isJwtGateError(error) ? readMember(error, name) : undefined
    return typeof value === 'string' ? value : undefined
  }
  return { code: read('code'), claim: read('claim'), reason: read('reason'), error }
}
