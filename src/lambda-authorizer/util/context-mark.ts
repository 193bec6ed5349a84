/**
 * The mark of a context that lacks claims. Without it, what is left would look like all there is, and a rule that denies by a
 * claim could be switched off by whoever can make the claims large.
 */
import type { UnknownObject } from './unknown-object.ts'

const MARK = 'jwtPartial'
/** What a context says that lacks claims. */
export const MARKED = { [MARK]: true } as const

/** The names with a meaning of their own in a context, in lower case: a claim of such a name must not be taken for it. */
const OWN_NAMES = ['jwt', MARK.toLowerCase()]

/** Whether a member has a meaning of its own, in whichever case. */
export function isOwnName(name: string): boolean {
  return OWN_NAMES.includes(name.toLowerCase())
}

/** Whether a member is the mark, in whichever case: kinds of API treat names and values differently. */
export function isMark(name: string): boolean {
  return name.toLowerCase() === MARK.toLowerCase()
}

/** Whether a context says that it lacks claims; its value is not looked at, since most kinds of API make it a string. */
export function isMarked(context: UnknownObject): boolean {
  return Object.keys(context).some(isMark)
}
