/**
 * What surfaces may import.
 */
export { Refresher, start } from './refresher.ts'
