/**
 * The only file of the core that may use the clock.
 */
export const now = (): number => Date.now()

export type Fetch = typeof globalThis.fetch
