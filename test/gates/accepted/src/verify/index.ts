/**
 * Adapters may import this.
 */
export { Refresher, start } from './refresher.ts'
