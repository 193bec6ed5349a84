/**
 * The one place of the core with the clock.
 */
export const now = (): number => Date.now()

export type Fetch = typeof globalThis.fetch
