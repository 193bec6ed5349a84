/**
 * Replaces `verify/util/other-names.ts` in slim builds: an error lists the options, without a hint.
 */
export function hintOf(): string {
  return ''
}
