/**
 * Adapters may import this too.
 */
export { start } from './refresher.ts'
