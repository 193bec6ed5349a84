/**
 * Replaces `verify/util/other-names.ts` in slim builds: an error lists the options, without the names of other libraries.
 */
export function hintOf(): string {
  return ''
}
