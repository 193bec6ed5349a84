/**
 * Runs one check and describes its outcome.
 */
import { shorten } from '../../terminal/escape.ts'
import { readMember } from '../../verify/explain-kit.ts'
import { isJwtGateError } from '../../verify/index.ts'
import type { Check } from '../explanation.ts'

/** A check, and the error that it has thrown. */
export interface Judged {
  readonly check: Check
  readonly error?: unknown
}

/** What a check compares. Members that are `undefined` are omitted. */
export interface View {
  readonly expected?: string | undefined
  readonly actual?: string | undefined
  readonly detail?: string | undefined
}

/** Runs a check that throws if it fails. */
export function judge(name: string, view: View, run: () => unknown): Judged {
  try {
    run()
  } catch (error) {
    return failed(name, view, error)
  }
  return passed(name, view)
}

export function passed(name: string, view: View = {}): Judged {
  return { check: toCheck(name, 'passed', view) }
}

export function failed(name: string, view: View, error: unknown): Judged {
  const message = isJwtGateError(error) ? readMember(error, 'message') : undefined
  const detail =
    typeof message === 'string' ? shorten(message) : 'It threw an error that is not of jwt-gate'
  return { check: toCheck(name, 'failed', { ...view, detail }), error }
}

export function skipped(name: string, detail: string, view: View = {}): Judged {
  return { check: toCheck(name, 'skipped', { ...view, detail }) }
}

function toCheck(name: string, outcome: Check['outcome'], view: View): Check {
  const { expected, actual, detail } = view
  return {
    name,
    outcome,
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    ...(detail !== undefined && { detail }),
  }
}
