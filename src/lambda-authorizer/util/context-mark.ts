/**
 * The mark of a context from which claims were dropped. Without it, the remaining claims would look complete, and a user who
 * can make their claims large could switch off a rule that denies by a claim.
 */
import type { UnknownObject } from '../../http-request/unknown-object.ts'

const MARK = 'jwtPartial'
/** The member that marks a context from which claims were dropped. */
export const MARKED = { [MARK]: true } as const

/** The names with a special meaning in a context, in lower case. No claim may be copied to one of them. */
const OWN_NAMES = ['jwt', MARK.toLowerCase()]

/** Whether a member has a special meaning. Ignores case. */
export function isOwnName(name: string): boolean {
  return OWN_NAMES.includes(name.toLowerCase())
}

/** Whether a member is the mark. Ignores case, because the kinds of API treat names and values differently. */
export function isMark(name: string): boolean {
  return name.toLowerCase() === MARK.toLowerCase()
}

/** Whether a context has the mark. Its value is ignored, because most kinds of API turn it into a string. */
export function isMarked(context: UnknownObject): boolean {
  return Object.keys(context).some(isMark)
}
