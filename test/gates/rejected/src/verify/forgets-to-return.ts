// rejected by TS7030
export function statusOf(isKnown: boolean): number | undefined {
  if (isKnown) return 403
}
